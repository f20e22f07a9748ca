// SPDX-License-Identifier: Apache-2.0

/// Analyses documents and collects them in a buffer of its own; one thread at a time uses it.
final class IndexingWorker: @unchecked Sendable {
  // Sendable: it goes from thread to thread through the mutex of the pipeline's queue.

  /// The documents analysed since the last flush.
  var buffer: IndexingBuffer
  private var tokens = TokenBuffer()
  private let analyzer: any Analyzer

  init(fields: IndexedFields, analyzer: any Analyzer, capacity: Int) {
    self.analyzer = analyzer
    buffer = IndexingBuffer(
      fields: fields, capacity: capacity, seed: UInt64.random(in: .min ... .max))
  }

  /// Analyses all documents of a batch.
  ///
  /// - Throws: `.invalidDocument` when an analyzer makes more of a document than a buffer can hold.
  ///   Documents up to that one are in the buffer then.
  func process(_ batch: DocumentBatch) throws(IndexError) {
    var failure: IndexError?
    batch.bytes.withUnsafeBytes { bytes in
      for document in batch.documents {
        buffer.beginDocument(
          key: UnsafeRawBufferPointer(rebasing: bytes[document.key]), sequence: document.sequence,
          stored: UnsafeRawBufferPointer(rebasing: bytes[document.stored]))
        for part in batch.parts[document.parts] {
          switch part {
          case .column(let field, let value):
            buffer.setColumn(value, field: field)
          case .keyword(let field, let range):
            let value = UnsafeRawBufferPointer(rebasing: bytes[range])
            value.withMemoryRebound(to: UInt8.self) { buffer.addKeyword($0, field: field) }
          case .text(let field, let range):
            tokens.removeAll()
            UnsafeRawBufferPointer(rebasing: bytes[range]).withMemoryRebound(to: UInt8.self) {
              analyzer.analyze($0, into: &tokens)
            }
            guard IndexingBuffer.worstCaseByteCount(of: tokens) <= buffer.bytesLeft else {
              failure = IndexError(
                .invalidDocument, "the analyzer makes \(tokens.tokens.count) tokens of one document"
              )
              return
            }
            buffer.addText(tokens, field: field)
          }
        }
      }
    }
    if let failure { throw failure }
  }
}
