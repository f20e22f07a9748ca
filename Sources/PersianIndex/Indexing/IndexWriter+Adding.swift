// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension IndexWriter {
  /// Adds a document; one that has its key already is replaced.
  ///
  ///     try writer.add(Document(key: "mehr/1", ["title": "نشست تعاون‌گران"]))
  ///     try writer.commit()
  ///
  /// - Parameter document: The document.
  /// - Throws: `.invalidDocument` where it does not fit the schema or exceeds a limit;
  ///   `.closed` after ``close()``; what made an earlier change fail, until ``rollback()``.
  /// - Complexity: O(*n*) in the bytes of the document. It may wait for a buffer to be written or
  ///   for other threads.
  public func add(_ document: Document) throws(IndexError) {
    try add(document, field: nil, text: UnsafeBufferPointer(start: nil, count: 0))
  }

  /// Adds a document of which one text is at hand in bytes.
  ///
  /// What is read from a file or a network need not be made a string first, which takes about a tenth
  /// of the time that indexing text at white space does.
  ///
  ///     try line.withUnsafeBufferPointer { line in
  ///       try writer.add(Document(key: "mehr/1", ["year": 1399]), field: "body", utf8: line)
  ///     }
  ///
  /// - Parameters:
  ///   - document: The document without that text.
  ///   - field: The name of a field of texts that `document` does not have.
  ///   - text: The text in UTF-8; read during the call alone. Bytes that are not UTF-8 are what the
  ///     analyzer takes them for, and come back as U+FFFD where the field is stored.
  /// - Throws: As ``add(_:)``, and `.invalidDocument` for a field that is not of texts or that
  ///   `document` has.
  /// - Complexity: As ``add(_:)``.
  public func add(
    _ document: Document, field: String, utf8 text: UnsafeBufferPointer<UInt8>
  ) throws(IndexError) {
    guard let place = schema.index(of: field), schema.fields[place].kind == .text,
      document.fields[field] == nil
    else {
      throw IndexError(
        .invalidDocument,
        "'\(field)' is not a field of texts that document '\(document.key)' lacks")
    }
    try add(document, field: place, text: text)
  }

  /// Adds a document, and the text of a field that it does not have.
  private func add(
    _ document: Document, field: Int?, text: UnsafeBufferPointer<UInt8>
  ) throws(IndexError) {
    let document = try document.fitted(to: schema)
    var textLength = text.count
    for field in schema.fields where field.kind == .text {
      if case .text(let text)? = document.fields[field.name] { textLength += text.utf8.count }
    }
    guard textLength <= Self.maximumTextLength else {
      throw IndexError(
        .invalidDocument,
        "document '\(document.key)' has \(textLength) bytes of text; "
          + "at most \(Self.maximumTextLength) can be indexed")
    }
    let bytes = UnsafeRawBufferPointer(text)
    var stored = ByteWriter()
    coding.encode(document, field: field, text: bytes, into: &stored)
    try state.withLock { (state) throws(IndexError) in
      try begin(&state, document.key)
      stored.withBytes { state.batch.setStored($0) }
      for (place, schemaField) in schema.fields.enumerated() {
        if place == field {
          state.batch.addText(bytes, field: place)
        } else if let value = document.fields[schemaField.name] {
          state.batch.add(value, field: place, kind: schemaField.kind)
        }
      }
    }
  }

  /// Replaces the document of the same key, or adds the document where there is none.
  ///
  /// The two are exchanged in one step: every commit and every searcher has one or the other.
  ///
  ///     try writer.update(Document(key: "mehr/1", ["title": "نشست تازهٔ تعاون‌گران"]))
  ///
  /// - Parameter document: The document in its new form.
  /// - Throws: As ``add(_:)``.
  /// - Complexity: As ``add(_:)``.
  public func update(_ document: Document) throws(IndexError) {
    try add(document)
  }

  /// Begins a document in the batch; its parts are added before the lock is given back.
  private func begin(_ state: inout State, _ key: DocumentKey) throws(IndexError) {
    try check(state)
    if state.batch.byteCount >= batchSize { try submit(&state) }
    let sequence = state.nextSequence
    state.nextSequence += 1
    var text = key.text
    text.withUTF8 { bytes in
      state.batch.beginDocument(key: UnsafeRawBufferPointer(bytes), sequence: sequence)
    }
  }
}

extension DocumentBatch {
  /// Adds a value of the kind that its field asks for.
  fileprivate mutating func add(_ value: FieldValue, field: Int, kind: Field.Kind) {
    if let column = value.columnValue {
      if kind != .stored { setColumn(column, field: field) }
      return
    }
    guard case .text(var text) = value, kind != .stored else { return }
    text.withUTF8 { bytes in
      if kind == .text {
        addText(UnsafeRawBufferPointer(bytes), field: field)
      } else {
        addKeyword(UnsafeRawBufferPointer(bytes), field: field)
      }
    }
  }
}
