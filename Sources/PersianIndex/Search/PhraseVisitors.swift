// SPDX-License-Identifier: Apache-2.0

/// The bits of a document in a batch: its first word, and the number of bits less 1.
struct DocumentBits {
  let words: UnsafeMutablePointer<UInt64>
  let lastBit: Int

  @inline(__always)
  init(_ words: UnsafeMutablePointer<UInt64>, _ range: UInt64) {
    self.words = words + Int(truncatingIfNeeded: range & 0xffff_ffff)
    lastBit = Int(truncatingIfNeeded: range >> 32)
  }
}

/// Sets the bits of where the first word would have a phrase end.
struct MarkingVisitor: PositionVisitor {
  let ranges: UnsafePointer<UInt64>
  let distance: Int
  let bits: UnsafeMutablePointer<UInt64>

  @inline(__always)
  func begin(_ id: Int) -> DocumentBits { DocumentBits(bits, ranges[id]) }

  @inline(__always)
  func visit(_ document: DocumentBits, _ position: Int) -> Int {
    let bit = (position &+ distance) & document.lastBit
    document.words[bit >> 6] |= 1 &<< UInt64(truncatingIfNeeded: bit & 63)
    return 0
  }

  @inline(__always)
  func end(_ id: Int, _ sum: Int) {}
}

/// Keeps those bits where another word has the phrase end, too.
struct KeepingVisitor: PositionVisitor {
  let ranges: UnsafePointer<UInt64>
  let distance: Int
  let bits: UnsafeMutablePointer<UInt64>
  let kept: UnsafeMutablePointer<UInt64>
  let totals: UnsafeMutablePointer<UInt32>

  @inline(__always)
  func begin(_ id: Int) -> (bits: DocumentBits, kept: DocumentBits) {
    (DocumentBits(bits, ranges[id]), DocumentBits(kept, ranges[id]))
  }

  @inline(__always)
  func visit(_ document: (bits: DocumentBits, kept: DocumentBits), _ position: Int) -> Int {
    let bit = (position &+ distance) & document.bits.lastBit
    let hit = (document.bits.words[bit >> 6] &>> UInt64(truncatingIfNeeded: bit & 63)) & 1
    document.kept.words[bit >> 6] |= hit &<< UInt64(truncatingIfNeeded: bit & 63)
    return Int(truncatingIfNeeded: hit)
  }

  @inline(__always)
  func end(_ id: Int, _ sum: Int) { totals[id] = UInt32(truncatingIfNeeded: sum) }
}

/// Counts the bits where the last word has the phrase end, too.
struct CountingVisitor: PositionVisitor {
  let ranges: UnsafePointer<UInt64>
  let distance: Int
  let bits: UnsafeMutablePointer<UInt64>
  let totals: UnsafeMutablePointer<UInt32>

  @inline(__always)
  func begin(_ id: Int) -> DocumentBits { DocumentBits(bits, ranges[id]) }

  @inline(__always)
  func visit(_ document: DocumentBits, _ position: Int) -> Int {
    let bit = (position &+ distance) & document.lastBit
    return Int(
      truncatingIfNeeded: (document.words[bit >> 6] &>> UInt64(truncatingIfNeeded: bit & 63)) & 1)
  }

  @inline(__always)
  func end(_ id: Int, _ sum: Int) { totals[id] = UInt32(truncatingIfNeeded: sum) }
}
