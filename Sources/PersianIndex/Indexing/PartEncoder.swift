// SPDX-License-Identifier: Apache-2.0

/// Codes the terms of several buffers, part by part; one thread's share of a ``JointFlush``.
struct PartEncoder: ~Copyable {
  /// The terms of a buffer.
  struct Source: Sendable {
    let lists: TermMap.Lists
    let sorted: [TermMap.Sorted]
    /// The doc id of each of its documents.
    let places: DocumentPlaces
  }

  private let sources: [Source]
  private let fields: IndexedFields
  private var encoder: TermEncoder
  private var list = ListBuffer()
  // The places of the next entries, and which buffers' ones have the least key.
  private var next: [Int] = []
  private var least: [Int] = []

  init(_ sources: [Source], fields: IndexedFields, encoder: consuming TermEncoder) {
    self.sources = sources
    self.fields = fields
    self.encoder = encoder
  }

  /// Codes a part.
  ///
  /// - Parameters:
  ///   - part: The part.
  ///   - spare: What was coded and written before, whose memory is used again.
  /// - Returns: The terms of the part with their coded lists.
  /// - Throws: As ``TermEncoder`` does.
  mutating func encode(
    _ part: TermCutter.Part, reusing spare: consuming EncodedTerms
  ) throws(IndexError) -> EncodedTerms {
    encoder.begin(reusing: spare)
    next.removeAll(keepingCapacity: true)
    next.append(contentsOf: part.lazy.map(\.lowerBound))
    for source in sources.indices { readAhead(source) }
    while findLeast(part), let first = least.first {
      let key = sources[first].lists.key(at: sources[first].sorted[next[first]].address)
      list.removeAll()
      for source in least {
        sources[source].lists.gather(
          sources[source].sorted[next[source]].address, places: sources[source].places.view,
          into: &list)
        next[source] += 1
        if next[source] % TermMap.groupSize == 0 { readAhead(source) }
      }
      list.decode(hasPositions: fields.hasPositions(key[0]))
      try encoder.add(
        key, documents: list.documents, frequencies: list.frequencies, positions: list.positions)
    }
    return encoder.take()
  }

  /// Reads from the entries of a group of terms.
  private mutating func readAhead(_ source: Int) {
    let first = next[source]
    let rest = sources[source].sorted[first...]
    list.touched ^= sources[source].lists.touch(
      rest.prefix(TermMap.groupSize - first % TermMap.groupSize))
  }

  /// Finds the buffers whose next entry has the least key; returns whether there is one.
  private mutating func findLeast(_ part: TermCutter.Part) -> Bool {
    least.removeAll(keepingCapacity: true)
    for source in sources.indices where next[source] < part[source].upperBound {
      let order = least.first.map { compare(source, $0) } ?? 0
      if order < 0 { least.removeAll(keepingCapacity: true) }
      if order <= 0 { least.append(source) }
    }
    return !least.isEmpty
  }

  private func compare(_ source: Int, _ other: Int) -> Int {
    sources[source].lists.compare(
      sources[source].sorted[next[source]], sources[other].sorted[next[other]],
      of: sources[other].lists)
  }
}
