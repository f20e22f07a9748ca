// SPDX-License-Identifier: Apache-2.0

/// The documents of some segments under the numbers that a CIFF file gives them: from 0 in the order
/// of the segments, without the deleted ones.
struct CIFFDocuments {
  let segments: [SegmentSnapshot]
  let count: Int
  // For each segment, the number of every document in the file.
  private let numbers: [[UInt32]]

  private static let deleted = UInt32.max

  init(_ segments: [SegmentSnapshot]) {
    self.segments = segments
    var next: UInt32 = 0
    numbers = segments.map { segment in
      (0..<UInt32(segment.reader.documentCount)).map { document in
        guard segment.live?.isLive(document) ?? true else { return Self.deleted }
        defer { next += 1 }
        return next
      }
    }
    count = Int(next)
  }

  /// The number of a document in the file; `nil` where it is deleted.
  @inline(__always)
  func number(of document: UInt32, in segment: Int) -> UInt32? {
    let number = numbers[segment][Int(document)]
    return number == Self.deleted ? nil : number
  }

  /// The sum of the lengths of a text field, as a merge of the segments takes it.
  func totalLength(of field: Int) -> UInt64 {
    segments.reduce(0) { sum, segment in
      let reader = segment.reader
      guard let place = reader.info.fields.textFields.firstIndex(of: field) else { return sum }
      var total = reader.info.statistics[place].totalLength
      if let live = segment.live {
        let codes = reader.lengths(of: field)
        for document in 0..<UInt32(reader.documentCount) where !live.isLive(document) {
          let length = FieldLengthCode.rankingLengths[Int(codes[Int(document)])]
          total -= min(total, UInt64(length))
        }
      }
      return sum &+ total
    }
  }

  /// The place of every document in the order of insertion, by which equal scores are ordered; `nil`
  /// where that is the order of the numbers.
  func insertionPlaces() -> [Int]? {
    var sequences: [UInt64] = []
    sequences.reserveCapacity(count)
    for (index, segment) in segments.enumerated() {
      let view = segment.searchSegment
      for document in 0..<UInt32(segment.reader.documentCount)
      where number(of: document, in: index) != nil {
        sequences.append(view.sequence(document))
      }
    }
    if zip(sequences, sequences.dropFirst()).allSatisfy({ $0 < $1 }) { return nil }
    var places = [Int](repeating: 0, count: count)
    let inserted = sequences.indices.sorted { sequences[$0] < sequences[$1] }
    for (place, number) in inserted.enumerated() { places[number] = place }
    return places
  }
}
