// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// A small index over made-up documents: the real structures in memory, and the documents beside
/// them for a brute-force oracle.
package final class SampleIndex {
  /// One document: tokens by indexed field, and what else is searched.
  package struct Document {
    /// The terms of each indexed field, in order; a term's position is its index.
    package var fields: [[String]]
    /// The value of column 0.
    package var value: Int64?
    /// Whether the document is deleted.
    package var isDeleted = false
    /// The writer's sequence number.
    package var sequence: UInt64 = 0

    /// Creates a document.
    package init(fields: [[String]], value: Int64? = nil, isDeleted: Bool = false) {
      self.fields = fields
      self.value = value
      self.isDeleted = isDeleted
    }
  }

  /// The documents by segment and doc id.
  package let documents: [[Document]]
  /// The searcher over the real structures.
  package let searcher: SegmentSearcher
  /// The ranking parameters.
  package let bm25: BM25

  private final class Memory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ source: UnsafeRawBufferPointer) {
      bytes = .allocate(byteCount: max(1, source.count), alignment: 64)
      bytes.copyMemory(from: source)
    }

    convenience init(_ source: [UInt8]) {
      self.init(source.withUnsafeBytes { UnsafeRawBufferPointer($0) })
    }

    deinit { bytes.deallocate() }
  }

  private final class Owner: @unchecked Sendable {
    var memories: [Memory] = []

    func hold(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
      let memory = bytes.withUnsafeBytes { Memory($0) }
      memories.append(memory)
      return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory.bytes)[..<bytes.count])
    }
  }

  /// Builds an index.
  ///
  /// - Parameters:
  ///   - documents: The documents by segment and doc id, all with the same number of fields.
  ///   - hasPositions: For each field, whether it has positions.
  ///   - bm25: The ranking parameters.
  /// - Throws: What the writers and readers of the structures throw.
  package init(
    _ documents: [[Document]], hasPositions: [Bool], bm25: BM25 = BM25()
  ) throws {
    self.documents = documents
    self.bm25 = bm25
    searcher = SegmentSearcher(
      segments: try documents.map { try Self.segment($0, hasPositions: hasPositions) },
      bm25: bm25)
  }

  private static func segment(_ documents: [Document], hasPositions: [Bool]) throws
    -> SearchSegment
  {
    let owner = Owner()
    var writer = PostingsWriter()
    var dictionary = TermDictionaryWriter()
    var postings: [UInt8] = []
    var fields: [SearchSegment.Field] = []
    for field in hasPositions.indices {
      var inverted: [[UInt8]: (documents: [UInt32], frequencies: [UInt32], positions: [UInt32])] =
        [:]
      var total: UInt64 = 0
      var lengths: [UInt8] = []
      for (id, document) in documents.enumerated() {
        total += UInt64(document.fields[field].count)
        lengths.append(FieldLengthCode.encode(UInt32(document.fields[field].count)))
        var places: [String: [UInt32]] = [:]
        for (position, term) in document.fields[field].enumerated() {
          places[term, default: []].append(UInt32(position))
        }
        for (term, positions) in places {
          var list = inverted[Array(term.utf8)] ?? ([], [], [])
          list.documents.append(UInt32(id))
          list.frequencies.append(UInt32(positions.count))
          list.positions += positions
          inverted[Array(term.utf8)] = list
        }
      }
      let held = owner.hold(lengths).bindMemory(to: UInt8.self)
      // Pairs of much rarer words than in an index, so that small ones have some.
      // All pairs in some, and in others those that an index of that size would have room for.
      var pairs = PairMembers(
        documentCount: documents.count, leastFrequency: 128,
        listShare: documents.count % 3 == 0 ? PairListsFormat.listShare : 1)
      writer.beginField(lengths: held, totalLength: total, hasPositions: hasPositions[field])
      for (term, list) in inverted.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        let info = try list.documents.withUnsafeBufferPointer { documents in
          try list.frequencies.withUnsafeBufferPointer { frequencies in
            try (hasPositions[field] ? list.positions : []).withUnsafeBufferPointer {
              try writer.write(documents: documents, frequencies: frequencies, positions: $0)
            }
          }
        }
        postings.append(contentsOf: writer.output)
        if hasPositions[field] { pairs.offer(info, record: writer.output) }
        ([UInt8(field)] + term).withUnsafeBufferPointer { dictionary.add(key: $0, info) }
      }
      let pairsWriter = try pairs.writer(lengths: held, totalLength: total, rangeCount: 1)
      pairsWriter?.sample(0)
      pairsWriter?.choose()
      pairsWriter?.collect(0)
      pairsWriter?.code()
      let section = try pairsWriter?.section()
      fields.append(
        SearchSegment.Field(
          lengths: held, totalLength: total, hasPositions: hasPositions[field],
          pairs: section.flatMap {
            PairLists(bytes: owner.hold($0), limit: UInt32(documents.count))
          }))
    }
    postings.append(contentsOf: [UInt8](repeating: 0, count: PostingsFormat.padding))
    let section = owner.hold(postings)
    let terms = owner.hold(dictionary.finish())
    var live = [UInt64](repeating: 0, count: (documents.count + 63) / 64 + 1)
    for (id, document) in documents.enumerated() where !document.isDeleted {
      live[id / 64] |= 1 << UInt64(id % 64)
    }
    let deleted = documents.count(where: \.isDeleted)
    let liveBits = owner.hold(live.withUnsafeBytes { Array($0) })
    let sequences = documents.map(\.sequence)
    let values = documents.map(\.value)
    return SearchSegment(
      documentCount: UInt32(documents.count),
      dictionary: try TermDictionaryReader(bytes: terms), postings: PostingsReader(bytes: section),
      fields: fields,
      live: deleted == 0
        ? nil : liveBits.baseAddress?.assumingMemoryBound(to: UInt64.self),
      liveCount: UInt32(documents.count - deleted),
      isInSequenceOrder: zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 },
      sequence: { sequences[Int($0)] }, columnValue: { _, document in values[Int(document)] },
      owner: owner)
  }
}
