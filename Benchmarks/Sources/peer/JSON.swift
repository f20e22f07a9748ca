// SPDX-License-Identifier: Apache-2.0

/// Numbers for JSON Lines; `JSONText`, a link to the file of the library, writes the strings.
enum JSON {
  /// A number with three decimals, which for microseconds is all that a clock gives.
  static func number(_ value: Double) -> String {
    let thousandths = Int((value * 1_000).rounded())
    let fraction = String(thousandths.magnitude % 1_000)
    return (thousandths < 0 ? "-" : "") + "\(thousandths.magnitude / 1_000)."
      + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
