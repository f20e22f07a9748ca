// SPDX-License-Identifier: Apache-2.0

/// Codes the lists of some of a segment's terms, so that several threads can share them out.
///
///     var encoder = segmentWriter.makeTermEncoder()
///     try encoder.add(key, documents: …)          // in ascending order of the keys
///     try segmentWriter.add(encoder.take())       // in the order of the keys of all encoders
///
/// One thread at a time uses it.
package struct TermEncoder: ~Copyable {
  /// What the lists of an indexed field are coded with.
  struct Field {
    let lengths: UnsafeBufferPointer<UInt8>
    let totalLength: UInt64
    let hasPositions: Bool
  }

  private let fields: [Field]
  private var postings = PostingsWriter()
  private var field: UInt8?
  private var encoded = EncodedTerms()
  // What of the postings writer's output was taken away before.
  private var takenBytes: UInt64 = 0

  init(_ fields: [Field]) {
    self.fields = fields
  }

  /// Adds the list of a term.
  ///
  /// - Parameters:
  ///   - key: The indexed field's number and the term.
  ///   - documents: The doc ids, ascending, at least one.
  ///   - frequencies: The number of occurrences in each.
  ///   - positions: The positions of each document in turn; empty for a field without positions.
  /// - Throws: As ``PostingsWriter`` does.
  package mutating func add(
    _ key: UnsafeBufferPointer<UInt8>, documents: UnsafeBufferPointer<UInt32>,
    frequencies: UnsafeBufferPointer<UInt32>, positions: UnsafeBufferPointer<UInt32>
  ) throws(IndexError) {
    if field != key[0] {
      let next = fields[Int(key[0])]
      postings.beginField(
        lengths: next.lengths, totalLength: next.totalLength, hasPositions: next.hasPositions)
      field = key[0]
    }
    var info = try postings.write(
      documents: documents, frequencies: frequencies, positions: positions)
    info.offset -= takenBytes
    encoded.append(key, info, record: postings.output)
  }

  /// Begins with the memory of terms that are needed no more.
  mutating func begin(reusing spare: consuming EncodedTerms) {
    encoded = spare
    encoded.removeAll()
  }

  /// Returns what has been added since the last call.
  package mutating func take() -> EncodedTerms {
    defer { encoded = EncodedTerms() }
    takenBytes = postings.offset
    return encoded
  }
}

/// Some terms of a segment in ascending order, with their coded lists.
package struct EncodedTerms: Sendable {
  private var keys: [UInt8] = []
  private var terms: [(keyLength: Int, info: TermInfo)] = []
  /// The lists one after another.
  private(set) var bytes: [UInt8] = []

  /// Creates an empty value.
  init() {}

  fileprivate mutating func removeAll() {
    keys.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  fileprivate mutating func append(
    _ key: UnsafeBufferPointer<UInt8>, _ info: TermInfo, record: UnsafeRawBufferPointer
  ) {
    keys.append(contentsOf: key)
    terms.append((key.count, info))
    bytes.append(contentsOf: record)
  }

  /// Calls a function with every term: its key, its numbers, the offset counting from the first of
  /// these terms, and its list.
  func forEachTerm(
    _ body: (UnsafeBufferPointer<UInt8>, TermInfo, UnsafeRawBufferPointer) -> Void
  ) {
    keys.withUnsafeBufferPointer { keys in
      bytes.withUnsafeBytes { bytes in
        var start = 0
        for (index, term) in terms.enumerated() {
          let end = index + 1 < terms.count ? Int(terms[index + 1].info.offset) : bytes.count
          body(
            UnsafeBufferPointer(rebasing: keys[start..<start + term.keyLength]), term.info,
            UnsafeRawBufferPointer(rebasing: bytes[Int(term.info.offset)..<end]))
          start += term.keyLength
        }
      }
    }
  }
}
