// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport

/// Made-up lists whose single positions stand near an anchor, another in each block.
enum AnchoredSample {
  /// How the documents of a list lie.
  enum Spacing: CaseIterable {
    /// Blocks are all documents from one on.
    case whole
    /// Blocks are bit sets.
    case dense
    /// Blocks are gaps.
    case sparse

    fileprivate var greatestGap: UInt32 {
      switch self {
      case .whole: 1
      case .dense: 3
      case .sparse: 60
      }
    }
  }

  /// Makes a list.
  ///
  /// Each fifth block has its positions anywhere; the blocks before have fields too long for high
  /// parts of one byte, more and more exceptions, and more and more documents with several positions.
  static func list(seed: UInt64, count: Int, spacing: Spacing) -> PostingsTests.Sample {
    var random = SeededGenerator(seed: seed)
    var sample = PostingsTests.Sample(
      lengths: [], totalLength: 0, documents: [], frequencies: [], positions: [])
    var next = UInt32.random(in: 0...70, using: &random)
    var (anchor, width): (UInt32, UInt32) = (0, 0)
    for index in 0..<count {
      let block = index / 128
      if index % 128 == 0 {
        width = UInt32(block % 6)
        anchor = UInt32.random(in: 0..<480, using: &random) & (width == 5 ? ~15 : ~0)
      }
      while sample.lengths.count <= Int(next) {
        let longest: UInt32 = block % 5 == 3 ? 40_000 : 520 + 1 << width
        sample.add(length: UInt32.random(in: 515 + 1 << width...longest, using: &random))
      }
      sample.documents.append(next)
      let longest = FieldLengthCode.universe(sample.lengths[Int(next)])
      var frequency: UInt32 = 1
      if UInt32.random(in: 0..<100, using: &random) < UInt32(block % 5) * 8 {
        frequency = UInt32.random(in: 2...(index % 7 == 0 ? 40 : 4), using: &random)
      }
      let isAnywhere =
        frequency > 1 || block % 5 == 4
        || UInt32.random(in: 0..<100, using: &random) < [0, 4, 11, 25][block % 4]
      let range = isAnywhere ? 0..<longest : anchor..<anchor + 1 << width
      sample.frequencies.append(frequency)
      sample.positions += (0..<frequency).map { _ in UInt32.random(in: range, using: &random) }
        .sorted()
      next += UInt32.random(in: 1...spacing.greatestGap, using: &random)
    }
    return sample
  }

  /// Makes a list that all documents are in once, given the length and the position in each.
  static func singles(
    _ count: Int, _ place: (Int) -> (length: UInt32, position: UInt32)
  ) -> PostingsTests.Sample {
    var sample = PostingsTests.Sample(
      lengths: [], totalLength: 0, documents: (0..<UInt32(count)).map { $0 },
      frequencies: [UInt32](repeating: 1, count: count), positions: [])
    for (length, position) in (0..<count).map(place) {
      sample.add(length: length)
      sample.positions.append(position)
    }
    return sample
  }

  /// The same list with positions anywhere in the fields.
  static func spread(_ sample: PostingsTests.Sample) -> PostingsTests.Sample {
    var random = SeededGenerator(seed: 1)
    var spread = sample
    spread.positions = []
    for (document, frequency) in zip(sample.documents, sample.frequencies) {
      let longest = FieldLengthCode.universe(sample.lengths[Int(document)])
      spread.positions += (0..<frequency).map { _ in
        UInt32.random(in: 0..<longest, using: &random)
      }.sorted()
    }
    return spread
  }
}

extension PostingsTests.Sample {
  mutating func add(length: UInt32) {
    lengths.append(FieldLengthCode.encode(length))
    totalLength += UInt64(length)
  }
}
