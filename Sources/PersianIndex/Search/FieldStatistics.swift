// SPDX-License-Identifier: Apache-2.0

/// What scoring needs to know of every indexed field over all segments, in memory that hot loops
/// read through pointers.
final class FieldStatistics: @unchecked Sendable {
  /// The number of indexed fields.
  let fieldCount: Int
  /// K of every length code: 256 numbers a field.
  let denominators: UnsafeMutablePointer<Float>
  /// A copy of ``PositionCode/table``.
  let positionTable: UnsafeMutablePointer<UInt16>
  /// A copy of ``FieldLengthCode/lowerBounds``.
  let universes: UnsafeMutablePointer<UInt32>
  /// The stored K divided by the actual K, of the shortest and the longest length, by segment and
  /// field.
  let ratios: [[(Float, Float)]]
  /// The average length of each field.
  let averageLengths: [Float]

  init(
    segments: [SearchSegment], bm25: BM25, documentCount: Int, totalLengths: [UInt64]? = nil
  ) {
    let fieldCount = segments.map(\.fields.count).max() ?? 0
    self.fieldCount = fieldCount
    denominators = .allocate(capacity: max(1, fieldCount * 256))
    positionTable = .allocate(capacity: PositionCode.table.count)
    positionTable.initialize(from: PositionCode.table, count: PositionCode.table.count)
    universes = .allocate(capacity: 257)
    universes.initialize(from: FieldLengthCode.lowerBounds, count: 257)
    var averages: [Float] = []
    for field in 0..<fieldCount {
      let total =
        totalLengths?[field]
        ?? segments.reduce(UInt64(0)) { sum, segment in
          sum &+ (field < segment.fields.count ? segment.fields[field].totalLength : 0)
        }
      let average = ImpactCode.averageLength(totalLength: total, documentCount: documentCount)
      averages.append(average)
      let actual = ImpactCode.denominators(k1: bm25.k1, b: bm25.b, averageLength: average)
      (denominators + field * 256).initialize(from: actual, count: 256)
    }
    averageLengths = averages
    let denominators = denominators
    ratios = segments.map { segment in
      segment.fields.indices.map { field in
        let stored = ImpactCode.denominators(
          k1: ImpactCode.k1, b: ImpactCode.b,
          averageLength: ImpactCode.averageLength(
            totalLength: segment.fields[field].totalLength,
            documentCount: Int(segment.documentCount)))
        let actual = denominators + field * 256
        return (stored[0] / actual[0], stored[255] / actual[255])
      }
    }
  }

  deinit {
    denominators.deallocate()
    positionTable.deallocate()
    universes.deallocate()
  }

  /// Returns what a field's stored impacts have to be multiplied by to bound the actual ones.
  ///
  /// - Parameters:
  ///   - segment: The segment's index.
  ///   - field: The indexed field.
  ///   - weight: How much an occurrence counts, which divides K.
  /// - Returns: Factors for a bound from below and for one from above.
  func correction(segment: Int, field: Int, weight: Float) -> (low: Float, high: Float) {
    let (shortest, longest) = ratios[segment][field]
    let first = shortest * weight
    let last = longest * weight
    // A ratio that is not a number comes of k1 = 0, where every impact is 1.
    guard first.isFinite && last.isFinite else { return (0, .infinity) }
    if first == 1 && last == 1 { return (1, 1) }
    return (min(1, first, last) * 0.99999, max(1, first, last) * 1.00001)
  }
}
