// SPDX-License-Identifier: Apache-2.0

/// Looks evidence up in some documents of one segment, list by list.
///
/// Numbers of documents are kept term by term and field by field, so that each list is walked once.
struct SegmentEvidence: ~Copyable {
  private let evidence: CompiledEvidence
  private let lists: EvidenceLists
  private let searcher: SegmentSearcher
  private let segment: Int
  private let fieldCount: Int
  private let memory = PostingLookup.Memory()
  private var positions = PositionPool()

  /// The documents, ascending, and how many they are.
  private let documents: UnsafeMutablePointer<UInt32>
  private let count: Int
  /// How often each of the placed terms is in each document: those of term *t* in field *f* begin at
  /// (*t* · ``fieldCount`` + *f*) · ``count``.
  private let counts: UnsafeMutablePointer<UInt32>
  /// Where the positions counted there begin in ``positions``.
  private let starts: UnsafeMutablePointer<UInt32>
  /// Which of the placed terms are in the documents, not 0 for those that are, term by term.
  private let isThere: UnsafeMutablePointer<UInt32>
  /// Of the list looked at: how often each document has it, and how often the term it is part of.
  private let frequencies: UnsafeMutablePointer<UInt32>
  private let own: UnsafeMutablePointer<UInt32>

  /// Makes room for what is found of some documents, which ascend.
  init(
    _ evidence: CompiledEvidence, _ lists: EvidenceLists, _ searcher: SegmentSearcher,
    segment: Int, documents: [UInt32]
  ) {
    self.evidence = evidence
    self.lists = lists
    self.searcher = searcher
    self.segment = segment
    count = documents.count
    fieldCount = evidence.placedTerms.reduce(0) { max($0, $1.fields.count) }
    let placed = evidence.placedTerms.count * count
    self.documents = .allocate(capacity: (2 * fieldCount + 1) * placed + 3 * count)
    self.documents.initialize(repeating: 0, count: (2 * fieldCount + 1) * placed + 3 * count)
    for (number, document) in documents.enumerated() { self.documents[number] = document }
    frequencies = self.documents + count
    own = frequencies + count
    isThere = own + count
    counts = isThere + placed
    starts = counts + placed * fieldCount
  }

  deinit {
    documents.deallocate()
    positions.deallocate()
  }

  /// Opens a list; `nil` where the segment does not have it.
  private func lookup(
    _ info: TermInfo?, _ number: Int
  ) throws(IndexError) -> PostingLookup? {
    guard let info, let lengths = searcher.segments[segment].fields[number].lengths.baseAddress
    else { return nil }
    let list = try PostingList(
      info, section: searcher.segments[segment].postings.bytes,
      limit: searcher.segments[segment].documentCount,
      hasPositions: searcher.segments[segment].fields[number].hasPositions)
    return PostingLookup(
      list, lengths: lengths, positionTable: searcher.statistics.positionTable, memory)
  }

  private static func check(
    _ lookup: borrowing PostingLookup, _ info: TermInfo?
  ) throws(IndexError) {
    guard lookup.isCorrupt else { return }
    throw IndexError(
      .corrupt, "a posting list does not decode; run verify", offset: info?.offset ?? 0)
  }

  /// A number of occurrences in a document divided by K and weighed by its field.
  @inline(__always)
  private func normalized(
    _ occurrences: Float, _ number: Int, _ field: EvidenceLists.Field
  ) -> Float {
    guard occurrences > 0 else { return 0 }
    let code = searcher.segments[segment].fields[field.number].lengths[Int(documents[number])]
    return field.weight * occurrences
      / searcher.statistics.denominators[field.number * 256 + Int(code)]
  }

  // MARK: Places

  /// Looks up where the placed terms are.
  mutating func findPlaces() throws(IndexError) {
    var found: [(cell: Int, place: PositionPlace)] = []
    found.reserveCapacity(evidence.placedTerms.count * count)
    for term in evidence.placedTerms.indices {
      let isThere = isThere + term * count
      var cells = term * fieldCount * count
      for field in lists.fields[lists.placedTerms[term].fields] {
        defer { cells += count }
        let info = lists.info(field.listed, in: segment)
        guard var lookup = try lookup(info, field.number) else { continue }
        let hasPositions = searcher.segments[segment].fields[field.number].hasPositions
        for number in 0..<count where lookup.move(to: documents[number]) {
          isThere[number] = 1
          if hasPositions, let place = lookup.locatePositions() {
            found.append((cells + number, place))
          }
        }
        try Self.check(lookup, info)
      }
    }
    try found.withUnsafeMutableBufferPointer { found throws(IndexError) in try decode(found) }
  }

  private mutating func decode(
    _ found: UnsafeMutableBufferPointer<(cell: Int, place: PositionPlace)>
  ) throws(IndexError) {
    for index in found.indices { found[index].place.read() }
    for (cell, place) in found {
      counts[cell] = UInt32(place.frequency)
      starts[cell] = UInt32(positions.count)
      let isWhole = place.decode(
        table: searcher.statistics.positionTable, to: positions.append(place.frequency))
      if !isWhole { throw TermsEvaluator.corrupt }
    }
  }

  /// Where a placed term first stands in a document, in the field where that is earliest.
  ///
  /// - Parameters:
  ///   - term: The term.
  ///   - number: The document, as a place among those looked at.
  /// - Returns: The position; `nil` where the document does not have it.
  @inline(__always)
  func firstPosition(of term: Int, _ number: Int) -> UInt32? {
    var first: UInt32?
    var cell = term * fieldCount * count + number
    for _ in 0..<fieldCount {
      if counts[cell] > 0 {
        let position = positions.base[Int(starts[cell])]
        first = min(first ?? position, position)
      }
      cell += count
    }
    return first
  }

  /// What it tells how the terms of a pair stand in a document.
  ///
  /// - Parameters:
  ///   - pair: The pair.
  ///   - number: The document, as a place among those looked at.
  /// - Returns: How often they stand as in the query and how near each other, both divided by K and
  ///   weighed by field; `nil` where one of them is not there.
  @inline(__always)
  func meetings(
    _ pair: CompiledEvidence.Pair, _ number: Int
  ) -> (adjacency: Float, nearness: Float)? {
    guard isThere[pair.first * count + number] & isThere[pair.second * count + number] != 0
    else { return nil }
    var (adjacency, nearness): (Float, Float) = (0, 0)
    var first = pair.first * fieldCount * count + number
    var second = pair.second * fieldCount * count + number
    for field in lists.fields[lists.placedTerms[pair.first].fields] {
      if counts[first] > 0, counts[second] > 0 {
        let (together, near) = Self.meetings(
          UnsafeBufferPointer(
            start: positions.base + Int(starts[first]), count: Int(counts[first])),
          UnsafeBufferPointer(
            start: positions.base + Int(starts[second]), count: Int(counts[second])),
          offset: pair.offset)
        adjacency += normalized(together, number, field)
        nearness += normalized(near, number, field)
      }
      first += count
      second += count
    }
    return (adjacency, nearness)
  }

  /// How often the second term stands exactly `offset` behind the first, and the sum of the inverse
  /// distances from each place of the first to the nearest of the second.
  @inline(__always)
  private static func meetings(
    _ first: UnsafeBufferPointer<UInt32>, _ second: UnsafeBufferPointer<UInt32>, offset: UInt32
  ) -> (together: Float, near: Float) {
    var (together, near): (Float, Float) = (0, 0)
    var exact = 0
    var next = 0
    for position in first {
      while exact < second.count, second[exact] < position &+ offset { exact &+= 1 }
      if exact < second.count, second[exact] == position &+ offset { together += 1 }
      while next < second.count, second[next] < position { next &+= 1 }
      var distance = UInt32.max
      if next < second.count { distance = second[next] &- position }
      if next > 0 { distance = min(distance, position &- second[next &- 1]) }
      if distance <= EvidenceScorer.reach { near += 1 / Float(max(distance, 1)) }
    }
    return (together, near)
  }

  // MARK: Terms

  /// Adds up how often each document has a term or written form, divided by K and weighed by field.
  ///
  /// A word as written is only looked for where the word is.
  ///
  /// - Parameters:
  ///   - term: The term.
  ///   - sums: Receives a number for each document, 0 before.
  /// - Throws: `.corrupt` where a list is damaged.
  func addFrequencies(
    of term: Int, to sums: UnsafeMutablePointer<Float>
  ) throws(IndexError) {
    let frequencies = frequencies
    let word = evidence.terms[term].placedTerm
    let isWanted = word.map { UnsafePointer(isThere + $0 * count) }
    var cells = (word ?? 0) * fieldCount * count
    for field in lists.fields[lists.terms[term].fields] {
      frequencies.update(repeating: 0, count: count)
      try forEach(in: field.listed, field.number, where: isWanted) { frequencies[$0] = $1 }
      if let forms = field.own {
        let occurrences = lists.info(forms.term, in: segment)?.totalTermFrequency ?? 0
        let others = lists.info(forms.otherwise, in: segment)?.totalTermFrequency ?? 0
        if occurrences > others {
          try addOwn(
            forms, field, where: isWanted,
            known: lists.terms[term].equalsWord ? UnsafePointer(counts + cells) : nil)
        }
      }
      for number in 0..<count {
        sums[number] += normalized(Float(frequencies[number]), number, field)
      }
      cells += count
    }
  }

  /// Adds to ``frequencies`` the occurrences of a term that equals a form, less those that are
  /// written otherwise; `known` is how often each document has the term, where that is known.
  private func addOwn(
    _ forms: (term: Int, otherwise: Int), _ field: EvidenceLists.Field,
    where isWanted: UnsafePointer<UInt32>?, known: UnsafePointer<UInt32>?
  ) throws(IndexError) {
    let (own, frequencies) = (own, frequencies)
    if let known {
      own.update(from: known, count: count)
    } else {
      own.update(repeating: 0, count: count)
      // Terms are the indexed field before written forms, and their lists have positions.
      try forEach(in: forms.term, field.number - 1, where: isWanted) { own[$0] = $1 }
    }
    for number in 0..<count { frequencies[number] = frequencies[number] &+ own[number] }
    try forEach(in: forms.otherwise, field.number, where: UnsafePointer(own)) {
      frequencies[$0] = frequencies[$0] &- min($1, own[$0])
    }
  }

  /// Calls a function with those of the documents that a list has, and how often each has it.
  ///
  /// `indexed` is the number of the indexed field that the list is of. `isWanted` is not 0 for the
  /// documents that are looked at, and `nil` where all are.
  @inline(__always)
  private func forEach(
    in place: Int, _ indexed: Int,
    where isWanted: UnsafePointer<UInt32>?, _ body: (_ number: Int, _ frequency: UInt32) -> Void
  ) throws(IndexError) {
    let info = lists.info(place, in: segment)
    guard var lookup = try lookup(info, indexed) else { return }
    for number in 0..<count where (isWanted?[number] ?? 1) != 0 {
      if lookup.move(to: documents[number]) { body(number, lookup.frequency()) }
    }
    try Self.check(lookup, info)
  }
}
