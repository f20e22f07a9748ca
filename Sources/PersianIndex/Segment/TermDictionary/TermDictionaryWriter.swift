// SPDX-License-Identifier: Apache-2.0

/// Codes the term dictionary of a segment: keys in ascending bytewise order, front-coded.
///
/// A key is one byte for the indexed field, then the term in UTF-8, whose letters are coded. The layout is described in
/// docs/FORMAT.md.
package struct TermDictionaryWriter {
  private var blocks: [UInt8] = []
  private var blockOffsets: [UInt32] = []
  private var topKeys: [UInt8] = []
  private var topKeyOffsets: [UInt32] = []
  private var previousKey: [UInt8] = []
  private var previousOffset: UInt64 = 0
  private var codes: [UInt8] = []
  private var infos: [UInt8] = []
  /// The distance of the last term that occurs a single time.
  private var usualDistance = InfoScanner.firstUsualDistance
  private var count = 0

  /// Creates an empty dictionary.
  package init() {}

  /// Adds a key greater than all before.
  ///
  /// - Parameters:
  ///   - key: 1 to 65,535 bytes.
  ///   - info: What the postings writer gave for it; offsets never decrease.
  package mutating func add(key: UnsafeBufferPointer<UInt8>, _ info: TermInfo) {
    if count % TermDictionaryFormat.blockSize == 0 {
      endBlock()
      blockOffsets.append(UInt32(blocks.count))
      topKeyOffsets.append(UInt32(topKeys.count))
      topKeys.append(contentsOf: key)
      appendInfo(info, distance: info.offset)
    } else {
      var shared = 0
      let longest = min(key.count, previousKey.count)
      while shared < longest && key[shared] == previousKey[shared] { shared += 1 }
      // Characters are whole.
      while shared > 0 && shared < key.count && KeyCode.isContinuation(key[shared]) { shared -= 1 }
      codes.removeAll(keepingCapacity: true)
      KeyCode.encode(key[shared...], to: &codes)
      let rest = codes.count
      blocks.append(UInt8(min(shared, 15) | min(rest, 15) << 4))
      if shared >= 15 { appendVarint(UInt64(shared - 15), to: &blocks) }
      if rest >= 15 { appendVarint(UInt64(rest - 15), to: &blocks) }
      blocks.append(contentsOf: codes)
      appendInfo(info, distance: info.offset - previousOffset)
    }
    previousOffset = info.offset
    previousKey.removeAll(keepingCapacity: true)
    previousKey.append(contentsOf: key)
    count += 1
  }

  /// Appends the numbers of a term, fewest for the many that occur once.
  private mutating func appendInfo(_ info: TermInfo, distance: UInt64) {
    let frequency = UInt64(info.documentFrequency)
    let excess = info.totalTermFrequency - frequency
    if info.totalTermFrequency == 1 {
      let document = UInt64(info.singleDocument)
      if distance == usualDistance {
        appendVarint(document << 2, to: &infos)
      } else {
        appendVarint(distance << 2 | 2, to: &infos)
        appendVarint(document, to: &infos)
        usualDistance = distance
      }
      return
    }
    appendVarint(distance << 1 | 1, to: &infos)
    appendVarint((frequency - 1) << 1 | (excess == 0 ? 0 : 1), to: &infos)
    if excess > 0 { appendVarint(excess, to: &infos) }
    if frequency == 1 { appendVarint(UInt64(info.singleDocument), to: &infos) }
  }

  private mutating func endBlock() {
    blocks.append(contentsOf: infos)
    infos.removeAll(keepingCapacity: true)
    usualDistance = InfoScanner.firstUsualDistance
  }

  private func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Ends the dictionary and returns the bytes of its section.
  package consuming func finish() -> [UInt8] {
    endBlock()
    blockOffsets.append(UInt32(blocks.count))
    topKeyOffsets.append(UInt32(topKeys.count))
    var section: [UInt8] = []
    section.reserveCapacity(
      16 + 4 * (blockOffsets.count + topKeyOffsets.count) + topKeys.count + blocks.count)
    let header = [
      UInt32(count), UInt32(blockOffsets.count - 1), UInt32(topKeys.count), UInt32(blocks.count),
    ]
    for number in header + blockOffsets + topKeyOffsets {
      withUnsafeBytes(of: number.littleEndian) { section.append(contentsOf: $0) }
    }
    section.append(contentsOf: topKeys)
    section.append(contentsOf: blocks)
    return section
  }
}
