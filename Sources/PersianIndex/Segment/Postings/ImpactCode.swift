// SPDX-License-Identifier: Apache-2.0

/// Codes how much a posting can add to a score, as bounds that hold for any statistics.
///
/// The impact of a posting is f / (f + K), where K = k1 · (1 − b + b · l / average): its BM25 score
/// without the term's weight, between 0 and 1. Bounds are computed with the parameters below and
/// with the average length in the segment. A search with other parameters or another
/// average, hence another K′, corrects them: impact′ / impact = (f + K) / (f + K′) lies between
/// min(1, K / K′) and max(1, K / K′), and K / K′ is monotone in *l*, so its extremes
/// are at the shortest and the longest field.
package enum ImpactCode {
  /// The k1 that bounds are computed with.
  package static let k1: Float = 1.2
  /// The b that bounds are computed with.
  package static let b: Float = 0.75

  /// Returns K of every length code.
  package static func denominators(k1: Float, b: Float, averageLength: Float) -> [Float] {
    let average = max(averageLength, 1)
    return FieldLengthCode.rankingLengths.map { k1 * (1 - b + b * $0 / average) }
  }

  /// Returns the average length that bounds are computed with.
  package static func averageLength(totalLength: UInt64, documentCount: Int) -> Float {
    documentCount == 0 ? 1 : max(1, Float(Double(totalLength) / Double(documentCount)))
  }
}
