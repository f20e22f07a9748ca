// SPDX-License-Identifier: Apache-2.0

/// Numbers as people read them.
enum NumberText {
  /// A number with a fixed count of decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let whole = Int((value.magnitude * scale).rounded())
    let digits = String(whole)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return sign + padded }
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// A size in the largest unit that leaves at least one whole.
  static func size(_ bytes: UInt64) -> String {
    guard bytes >= 1024 else { return "\(bytes) bytes" }
    var value = Double(bytes)
    var unit = ""
    for name in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 || unit.isEmpty {
      value /= 1024
      unit = name
    }
    return fixed(value, decimals: 1) + " " + unit
  }

  /// A count with its noun, as in `1 document` and `2 documents`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)" + (number == 1 ? "" : "s")
  }
}
