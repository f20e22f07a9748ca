// SPDX-License-Identifier: Apache-2.0

/// Documents on their way from a caller to the thread that analyses them, in flat arrays.
package struct DocumentBatch: Sendable {
  /// What of a document goes where.
  enum Part: Sendable {
    /// Text to be analysed, at a range of ``bytes``.
    case text(field: Int, Range<Int>)
    /// One exact value, at a range of ``bytes``.
    case keyword(field: Int, Range<Int>)
    /// The value of a column.
    case column(field: Int, Int64)
  }

  /// One document.
  struct Entry: Sendable {
    var sequence: UInt64
    var key: Range<Int>
    var stored: Range<Int>
    var parts: Range<Int>
  }

  private(set) var bytes: [UInt8] = []
  private(set) var parts: [Part] = []
  private(set) var documents: [Entry] = []

  /// Creates an empty batch.
  package init() {}

  /// The number of documents.
  package var count: Int { documents.count }

  /// The bytes in use.
  package var byteCount: Int { bytes.count + parts.count * 32 + documents.count * 64 }

  // More than what any but a few documents fill.
  private static let keptBytes = 1 << 20

  /// Removes all documents and keeps the memory, unless a large document took much of it.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.count <= Self.keptBytes)
    parts.removeAll(keepingCapacity: true)
    documents.removeAll(keepingCapacity: true)
  }

  /// Begins a document; its parts follow.
  ///
  /// - Parameters:
  ///   - key: The document's key.
  ///   - sequence: The document's insertion number.
  package mutating func beginDocument(key: UnsafeRawBufferPointer, sequence: UInt64) {
    let range = append(key)
    documents.append(
      Entry(
        sequence: sequence, key: range, stored: range.upperBound..<range.upperBound,
        parts: parts.count..<parts.count))
  }

  /// Adds a text to be analysed.
  ///
  /// - Parameters:
  ///   - text: The text in UTF-8.
  ///   - field: The field's place in the schema.
  package mutating func addText(_ text: UnsafeRawBufferPointer, field: Int) {
    let range = append(text)
    append(.text(field: field, range))
  }

  /// Adds an exact value.
  ///
  /// - Parameters:
  ///   - value: The value's bytes.
  ///   - field: The field's place in the schema.
  package mutating func addKeyword(_ value: UnsafeRawBufferPointer, field: Int) {
    let range = append(value)
    append(.keyword(field: field, range))
  }

  /// Sets the value of a column.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - field: The field's place in the schema.
  package mutating func setColumn(_ value: Int64, field: Int) {
    append(.column(field: field, value))
  }

  /// Sets the bytes that the index gives back with the document.
  package mutating func setStored(_ stored: UnsafeRawBufferPointer) {
    let range = append(stored)
    documents[documents.count - 1].stored = range
  }

  private mutating func append(_ part: Part) {
    parts.append(part)
    let last = documents.count - 1
    documents[last].parts = documents[last].parts.lowerBound..<parts.count
  }

  private mutating func append(_ other: UnsafeRawBufferPointer) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: other)
    return start..<bytes.count
  }
}
