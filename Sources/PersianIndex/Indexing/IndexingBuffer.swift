// SPDX-License-Identifier: Apache-2.0

/// Documents that have been analysed but not yet written: a segment that is still growing, in the
/// memory of one thread.
package struct IndexingBuffer: ~Copyable {
  /// Which inverted fields there are.
  package let fields: IndexedFields
  private(set) var terms: TermMap
  private var writtenForms = WrittenFormBuffer()
  var documents: BufferedDocuments

  /// Creates an empty buffer.
  ///
  /// - Parameters:
  ///   - fields: Which inverted fields there are.
  ///   - capacity: The bytes to reserve for terms and lists; see ``TermMap``.
  ///   - seed: The seed of the term map's hash.
  package init(fields: IndexedFields, capacity: Int, seed: UInt64) {
    self.fields = fields
    terms = TermMap(capacity: capacity, seed: seed)
    documents = BufferedDocuments(fields: fields)
  }

  /// The number of documents, replaced ones included.
  package var documentCount: Int { documents.count }

  /// The bytes in use, for the memory budget.
  package var byteCount: Int { terms.byteCount + documents.byteCount }

  /// The bytes that the inverted lists may still grow by.
  package var bytesLeft: Int { terms.bytesLeft }

  /// Removes all documents and keeps the memory.
  package mutating func removeAll() {
    terms.removeAll()
    documents.removeAll()
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
    documents.append(key: key, sequence: sequence, stored: bytes)
  }

  /// Adds the tokens of a text field to the document begun last.
  ///
  /// - Parameters:
  ///   - tokens: The tokens of the whole field.
  ///   - field: The field's place in the schema.
  /// - Complexity: O(*n*) in the number of tokens.
  package mutating func addText(_ tokens: borrowing TokenBuffer, field: Int) {
    let document = UInt32(truncatingIfNeeded: documentCount - 1)
    guard let slot = documents.textFields.firstIndex(of: field) else { return }
    // A position counts as a token, so that gaps between values leave positions below the length.
    let length = max(tokens.tokens.count, Int(tokens.tokens.last?.position ?? 0) + 1)
    documents.setLength(
      tokens.tokens.isEmpty ? 0 : UInt32(truncatingIfNeeded: length), textField: slot)
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
    documents.setColumn(value, field: field)
  }

  /// An upper bound of the bytes that a field of a document may add to the arena, by which a caller
  /// keeps a buffer within ``TermMap/maximumBytes``.
  package static func worstCaseByteCount(of tokens: borrowing TokenBuffer) -> Int {
    10 * tokens.bytes.count + tokens.tokens.count * 192
  }
}
