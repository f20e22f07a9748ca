// SPDX-License-Identifier: Apache-2.0

/// One row of a table of comma- or tab-separated values.
struct DelimitedRecord {
  private(set) var fields: [String] = []
  private var field: [UInt8] = []
  private var isQuoted = false

  /// Whether the row goes on in the next line because a quoted field has not ended.
  var isOpen: Bool { isQuoted }

  /// Reads a line, which begins a row or goes on with an open one.
  ///
  /// Quotes are those of RFC 4180 and are understood in comma-separated values alone.
  ///
  /// - Returns: `false` where the line is not UTF-8.
  mutating func append(_ line: UnsafeBufferPointer<UInt8>, separator: UInt8) -> Bool {
    let quote = UInt8(ascii: "\"")
    let hasQuotes = separator == UInt8(ascii: ",")
    if isQuoted { field.append(UInt8(ascii: "\n")) }
    var index = 0
    while index < line.count {
      let byte = line[index]
      index += 1
      if isQuoted {
        if byte != quote {
          field.append(byte)
        } else if index < line.count, line[index] == quote {
          field.append(quote)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == separator {
        guard close() else { return false }
      } else if hasQuotes, byte == quote, field.isEmpty {
        isQuoted = true
      } else {
        field.append(byte)
      }
    }
    return isQuoted || close()
  }

  private mutating func close() -> Bool {
    guard let text = String(validating: field, as: UTF8.self) else { return false }
    fields.append(text)
    field.removeAll(keepingCapacity: true)
    return true
  }
}
