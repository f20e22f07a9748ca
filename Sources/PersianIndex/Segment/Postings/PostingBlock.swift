// SPDX-License-Identifier: Apache-2.0

/// Codes one block of 128 documents and frequencies.
///
/// Three bytes, then the documents, then the frequencies less 1. Documents are either a bit set or
/// the gaps between them less 1. These are packed with their exceptions or as a Rice code, in such an
/// order that lane *l* holds those of documents 32 *l* to 32 *l* + 31, so that all four lanes sum up
/// their gaps at once.
package enum PostingBlock {
  /// The bytes of a block's header.
  static let headerSize = 3
  /// A bit set intersects so much faster that so many bytes more are worth it.
  package static let bitSetExcess = 18
  /// Runs are read about as fast as a bit set.
  private static let runsExcess = 8
  /// Packed gaps have to save so many bytes over a Rice code: where most blocks of a list are coded
  /// alike, a processor foresees what comes.
  private static let packedSaving = 4
  /// What the highest two bits of the documents' part of a header say.
  private static let riceMark: UInt16 = 0x8000
  private static let bitSetMark: UInt16 = 0xc000
  /// The width in a header that says that the upper bits are the width.
  private static let wideMark = 7

  /// Appends a block.
  ///
  /// - Parameters:
  ///   - documents: 128 doc ids, ascending, below 2^31.
  ///   - frequencies: 128 frequencies, from 1 to 2^31.
  ///   - base: One past the last document before the block.
  ///   - bitSetExcess: The bytes that a bit set may be larger than the gaps.
  ///   - output: Receives the block.
  package static func encode(
    documents: UnsafePointer<UInt32>, frequencies: UnsafePointer<UInt32>, base: UInt32,
    bitSetExcess: Int = bitSetExcess, to output: inout RawBuffer
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { buffer in
      guard let gaps = buffer.baseAddress else { return }
      let excesses = gaps + 128
      var previous = base
      for index in 0..<128 {
        gaps[place(ofGap: index)] = documents[index] &- previous
        previous = documents[index] &+ 1
        excesses[index] = frequencies[index] &- 1
      }
      let frequencyPacking = PatchedPacking(for: excesses, exceptionsUpTo: wideMark - 1)
      let frequencyHeader =
        frequencyPacking.width < wideMark
        ? frequencyPacking.width | frequencyPacking.exceptions << 3
        : wideMark | frequencyPacking.width << 3
      let packing = PatchedPacking(for: gaps, exceptionsUpTo: .max)
      let sum = UInt64(documents[127] &- base) - 127
      let rice = RicePacking(for: gaps, sum: sum).flatMap { rice in
        rice.size - packedSaving <= packing.size ? rice : nil
      }
      let words = Int(documents[127] >> 6) - Int(base >> 6) + 1
      let excess =
        rice == nil && packing.width == 0
        ? min(runsExcess, bitSetExcess) : bitSetExcess
      if words <= 255 && words * 8 <= (rice?.size ?? packing.size) + excess {
        output.append(bitSetMark | UInt16(words))
        output.append(UInt8(frequencyHeader))
        appendBitSet(documents, base: base, words: words, to: &output)
      } else if let rice {
        output.append(riceMark | UInt16(rice.parameter | rice.byteCount << 5))
        output.append(UInt8(frequencyHeader))
        rice.append(gaps, orderedBy: place(ofGap:), to: &output)
      } else {
        output.append(
          UInt16(packing.width | packing.exceptions << 5 | packing.large << 10))
        output.append(UInt8(frequencyHeader))
        if packing.width > 0 {
          packing.append(gaps, to: &output)
        } else {
          DocumentRuns.append(documents, base: base, to: &output)
        }
      }
      frequencyPacking.append(excesses, to: &output)
    }
  }

  /// Where the gap of a document stands among the 128.
  private static func place(ofGap index: Int) -> Int {
    (index & 31) * 4 + index >> 5
  }

  private static func appendBitSet(
    _ documents: UnsafePointer<UInt32>, base: UInt32, words: Int, to output: inout RawBuffer
  ) {
    let place = output.reserve(words * 8)
    place.initializeMemory(as: UInt8.self, repeating: 0, count: words * 8)
    for index in 0..<128 {
      let bit = Int(documents[index]) - Int(base >> 6) * 64
      let byte = place.load(fromByteOffset: bit >> 3, as: UInt8.self)
      place.storeBytes(
        of: byte | 1 << UInt8(bit & 7), toByteOffset: bit >> 3, as: UInt8.self)
    }
    output.advance(by: words * 8)
  }

  /// What the first three bytes of a block say.
  package struct Header {
    /// How the documents of a block are coded.
    package enum Documents {
      /// Gaps of a width, with exceptions.
      case packed(width: Int, exceptions: Int)
      /// Gaps as a Rice code with so many bytes of zeros and ones.
      case rice(parameter: Int, byteCount: Int)
      /// A bit set of so many words.
      case bitSet(words: Int)
    }

    /// How the documents are coded.
    package let documents: Documents
    package let frequencyWidth: Int
    package let frequencyExceptions: Int
    /// The bytes from the block's start to its frequencies.
    package let frequenciesOffset: Int
    /// The bytes of the block, but for the high parts of its frequencies' exceptions.
    package let size: Int

    /// Reads a header.
    @inline(__always)
    package init(_ block: UnsafeRawPointer) {
      let word = Int(UInt32(littleEndian: block.loadUnaligned(as: UInt32.self)))
      let low = word & 31
      let documentsSize: Int
      if word & 0x8000 == 0 {
        let exceptions = word >> 5 & 31
        documents = .packed(width: low, exceptions: exceptions)
        documentsSize = 16 &* low &+ exceptions &+ (word >> 10 & 31)
      } else if word & 0x4000 == 0 {
        let byteCount = word >> 5 & 63
        documents = .rice(parameter: low, byteCount: byteCount)
        documentsSize = 16 &* low &+ byteCount
      } else {
        documents = .bitSet(words: word & 0xff)
        documentsSize = 8 &* (word & 0xff)
      }
      let width = word >> 16 & 7
      let rest = word >> 19 & 31
      frequencyWidth = width == wideMark ? rest : width
      frequencyExceptions = width == wideMark ? 0 : rest
      frequenciesOffset = headerSize &+ documentsSize
      size = frequenciesOffset &+ frequencyWidth &* 16 &+ frequencyExceptions
    }

    /// Reads the number of gaps of a block whose documents are runs.
    ///
    /// - Parameter block: The block's start.
    /// - Returns: The number; `nil` where the documents are coded in another way.
    @inline(__always)
    static func runs(_ block: UnsafeRawPointer) -> Int? {
      let word = Int(UInt16(littleEndian: block.loadUnaligned(as: UInt16.self)))
      return word & 0x801f == 0 ? word >> 5 & 31 : nil
    }

    /// Looks whether the documents of a block are a bit set.
    ///
    /// - Parameter block: The block's start.
    /// - Returns: Whether they are.
    @inline(__always)
    static func isBitSet(_ block: UnsafeRawPointer) -> Bool {
      block.load(fromByteOffset: 1, as: UInt8.self) >= UInt8(bitSetMark >> 8)
    }
  }
}
