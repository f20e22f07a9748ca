// SPDX-License-Identifier: Apache-2.0

/// Documents that have been analysed but not yet written: a segment that is still growing, in the
/// memory of one thread.
package struct IndexingBuffer: ~Copyable {
  /// Which inverted fields there are.
  package let fields: IndexedFields
  // The parts of a document; `flush` takes them all at once.
  private(set) var terms: TermMap
  private var writtenForms = WrittenFormBuffer()
  private(set) var keys = ByteColumn()
  var stored = StoredFieldsWriter()
  private(set) var sequences: [UInt64] = []
  /// The lengths in tokens of every text field, document after document.
  private(set) var lengths: [[UInt32]]
  /// The values of every schema field that is a column; empty for other fields.
  private(set) var columns: [ColumnBuffer]
  let textFields: [Int]

  /// Creates an empty buffer.
  ///
  /// - Parameters:
  ///   - fields: Which inverted fields there are.
  ///   - capacity: The bytes to reserve for terms and lists; see ``TermMap``.
  ///   - seed: The seed of the term map's hash.
  package init(fields: IndexedFields, capacity: Int, seed: UInt64) {
    self.fields = fields
    textFields = fields.textFields
    terms = TermMap(capacity: capacity, seed: seed)
    lengths = textFields.map { _ in [] }
    columns = fields.kinds.map { _ in ColumnBuffer() }
  }

  /// The number of documents, replaced ones included.
  package var documentCount: Int { sequences.count }

  /// The bytes in use, for the memory budget.
  package var byteCount: Int {
    terms.byteCount + keys.byteCount + stored.memoryInBytes
      + documentCount * (8 + 4 * lengths.count)
      + columns.reduce(0) { $0 + $1.byteCount }
  }

  /// The bytes that the inverted lists may still grow by.
  package var bytesLeft: Int { terms.bytesLeft }

  /// Removes all documents and keeps the memory.
  package mutating func removeAll() {
    terms.removeAll()
    keys.removeAll()
    stored = StoredFieldsWriter()
    sequences.removeAll(keepingCapacity: true)
    for index in lengths.indices { lengths[index].removeAll(keepingCapacity: true) }
    for index in columns.indices { columns[index].removeAll() }
  }

  /// Begins a document; its parts are added before the next one begins.
  ///
  /// - Parameters:
  ///   - key: The document's key.
  ///   - sequence: The document's insertion number, higher than those before it.
  ///   - bytes: The bytes to give back with the document.
  package mutating func beginDocument(
    key: UnsafeRawBufferPointer, sequence: UInt64, stored bytes: UnsafeRawBufferPointer
  ) {
    keys.append(key)
    stored.append(bytes)
    sequences.append(sequence)
    for index in lengths.indices { lengths[index].append(0) }
  }

  /// Adds the tokens of a text field to the document begun last.
  ///
  /// - Parameters:
  ///   - tokens: The tokens of the whole field.
  ///   - field: The field's place in the schema.
  /// - Complexity: O(*n*) in the number of tokens.
  package mutating func addText(_ tokens: borrowing TokenBuffer, field: Int) {
    let document = UInt32(truncatingIfNeeded: documentCount - 1)
    guard let slot = textFields.firstIndex(of: field) else { return }
    // A position counts as a token, so that gaps between values leave positions below the length.
    let length = max(tokens.tokens.count, Int(tokens.tokens.last?.position ?? 0) + 1)
    lengths[slot][Int(document)] = tokens.tokens.isEmpty ? 0 : UInt32(truncatingIfNeeded: length)
    let termField = IndexedFields.terms(of: field)
    let formField = IndexedFields.writtenForms(of: field)
    tokens.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      tokens.tokens.withUnsafeBufferPointer { tokens in
        terms.append(tokens, bytes: base, field: termField, document: document)
        writtenForms.collect(tokens, bytes: base)
        writtenForms.forms.withUnsafeBufferPointer {
          terms.append(keys: $0, bytes: base, field: formField, document: document)
        }
        writtenForms.bytes.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          writtenForms.terms.withUnsafeBufferPointer {
            terms.append(keys: $0, bytes: base, field: formField, document: document)
          }
        }
      }
    }
  }

  /// Adds the value of a keyword field to the document begun last.
  ///
  /// - Parameters:
  ///   - value: The value's bytes.
  ///   - field: The field's place in the schema.
  package mutating func addKeyword(_ value: UnsafeBufferPointer<UInt8>, field: Int) {
    guard let base = value.baseAddress else { return }
    terms.append(
      field: IndexedFields.terms(of: field), term: base, termLength: value.count,
      document: UInt32(truncatingIfNeeded: documentCount - 1))
  }

  /// Sets the value of a column in the document begun last.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - field: The field's place in the schema.
  package mutating func setColumn(_ value: Int64, field: Int) {
    columns[field].set(value, document: documentCount - 1)
  }

  /// An upper bound of the bytes that a field of a document may add to the arena, by which a caller
  /// keeps a buffer within ``TermMap/maximumBytes``.
  package static func worstCaseByteCount(of tokens: borrowing TokenBuffer) -> Int {
    10 * tokens.bytes.count + tokens.tokens.count * 192
  }
}

/// The values of one column, for the documents that have one.
package struct ColumnBuffer {
  /// The documents that have a value, in ascending order.
  package private(set) var documents: [UInt32] = []
  /// Their values.
  package private(set) var values: [Int64] = []

  var byteCount: Int { documents.count * 12 }

  mutating func set(_ value: Int64, document: Int) {
    let document = UInt32(truncatingIfNeeded: document)
    if documents.last == document {
      values[values.count - 1] = value
    } else {
      documents.append(document)
      values.append(value)
    }
  }

  mutating func removeAll() {
    documents.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }
}
