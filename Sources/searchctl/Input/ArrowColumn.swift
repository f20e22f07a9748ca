// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// A column of a stream of Arrow: its name and how its values lie in a batch.
struct ArrowColumn {
  /// The types that are read.
  enum Kind: Equatable {
    case null
    case bool
    /// Whole numbers of so many bytes.
    case integer(size: Int, isSigned: Bool)
    case single
    case double
    /// Text whose offsets have four or eight bytes.
    case text(offsetSize: Int)
    /// Whole numbers of so many bytes that count units since 1970, so many of them a second; days
    /// where that is `nil`.
    case time(size: Int, perSecond: Int64?)

    /// The number of a batch's buffers that a column has.
    var bufferCount: Int {
      switch self {
      case .null: 0
      case .text: 3
      case .bool, .integer, .single, .double, .time: 2
      }
    }
  }

  let name: String
  let kind: Kind

  /// Reads a member `Field` of Arrow's Schema.fbs.
  ///
  /// - Throws: ``Failure`` where the type is none that is read, `FlatTable.Malformed`.
  init(_ field: FlatTable) throws {
    name = try field.string(0) ?? ""
    let number: UInt8 = try field.number(2)
    let isDictionary = try field.table(4) != nil
    guard !isDictionary, let type = try field.table(3), let kind = try Self.kind(number, type)
    else {
      let told = isDictionary ? "dictionary" : Self.names[number] ?? "unknown type \(number)"
      throw Failure(
        "column '\(Sanitizer.visible(name))' is of Arrow's type \(told), which is not read",
        hint: number == 24
          ? "make it utf8 or large_utf8, which Polars writes by compat_level=CompatLevel.oldest()"
          : "make it text, numbers or times, or leave it out")
    }
    self.kind = kind
  }

  private static func kind(_ number: UInt8, _ type: FlatTable) throws -> Kind? {
    switch number {
    case 1: return .null
    case 2:
      let bits: Int32 = try type.number(0)
      let isSigned: UInt8 = try type.number(1)
      guard [8, 16, 32, 64].contains(bits) else { return nil }
      return .integer(size: Int(bits) / 8, isSigned: isSigned != 0)
    case 3:
      let precision: Int16 = try type.number(0)
      return precision == 1 ? .single : precision == 2 ? .double : nil
    case 5: return .text(offsetSize: 4)
    case 20: return .text(offsetSize: 8)
    case 6: return .bool
    case 8:
      let unit: Int16 = try type.number(0, default: 1)
      guard (0...1).contains(unit) else { return nil }
      return unit == 0 ? .time(size: 4, perSecond: nil) : .time(size: 8, perSecond: 1000)
    case 10:
      let unit: Int16 = try type.number(0)
      let units: [Int64] = [1, 1000, 1_000_000, 1_000_000_000]
      guard units.indices.contains(Int(unit)) else { return nil }
      return .time(size: 8, perSecond: units[Int(unit)])
    default: return nil
    }
  }

  private static let names: [UInt8: String] = [
    2: "int", 3: "halffloat", 4: "binary", 7: "decimal", 9: "time", 11: "interval", 12: "list",
    13: "struct", 14: "union", 15: "fixed_size_binary", 16: "fixed_size_list", 17: "map",
    18: "duration", 19: "large_binary", 21: "large_list", 22: "run_end_encoded",
    23: "binary_view", 24: "string_view", 25: "list_view", 26: "large_list_view",
  ]
}
