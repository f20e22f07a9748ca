// SPDX-License-Identifier: Apache-2.0

extension PhraseMatcher {
  /// Finds the documents of a window that hold the phrase.
  ///
  /// ``stripes(start:needed:)`` was called for the window.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - stripes: The stripes to look at.
  ///   - live: The bits of the segment's live documents; `nil` where all are.
  ///   - needed: Called now and then for what the phrase must score in a document; `Int32.min` where
  ///     any will do.
  ///   - body: Called for each that may score that, in any order, with its frequency and the code of the
  ///     field's length.
  @inline(__always)
  func forEachMatch(
    start: UInt32, stripes: UInt64, live: UnsafePointer<UInt64>? = nil,
    needed: () -> Int32 = { .min },
    _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    let stripes = intersect(start: start, stripes, live)
    if stripes == 0 { return }
    for index in 0..<count { places[index] = lists[order[index]].block }
    let step = PhraseBatch.capacity / Window.stripeSize
    for word in stride(from: 0, to: Window.stripeCount, by: step)
    where stripes & Window.mask(word, word &+ step &- 1) != 0 {
      var left = addDocuments(start: start, words: word..<(word &+ step))
      let range = DocumentRange(
        start: start &+ UInt32(word &* 64), bits: batch.pointee.leftBits + word)
      left =
        slop > 0 ? findLoose(left) : narrowDown(left, .range(range), bound(needed()))
      report(left, body)
    }
  }

  /// Calls a function with those documents left that hold the phrase.
  @inline(__always)
  func report(
    _ left: Int, _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    for index in 0..<left { report(id: Int(batch.pointee.left[index]), body) }
    for index in 0..<batch.pointee.settledCount {
      report(id: Int(batch.pointee.settled[index]), body)
    }
  }

  @inline(__always)
  private func report(
    id: Int, _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    let total = batch.pointee.totals[id]
    if total == 0 { return }
    body(
      batch.pointee.documents[id], slop > 0 ? Float(bitPattern: total) : Float(total),
      batch.pointee.lengthCodes[id])
  }

  /// What a phrase that must score `needed` is held to.
  func bound(_ needed: Int32) -> PhraseBound? {
    needed <= 1
      ? nil
      : PhraseBound(needed: needed, weight: weight, denominators: lists[0].denominators)
  }

  /// Sets the bits of the documents of a window that are live and that all lists have.
  ///
  /// - Returns: The stripes in which there are some.
  private func intersect(
    start: UInt32, _ wanted: UInt64, _ live: UnsafePointer<UInt64>?
  ) -> UInt64 {
    let bits = batch.pointee.leftBits
    bits.update(repeating: 0, count: Window.stripeCount)
    lists[order[0]].addDocuments(start: start, stripes: wanted, to: bits)
    // The bits of a damaged block may go on after the last document.
    let limit = Int(lists[order[0]].cursor.list.limit) &- Int(start)
    var stripes: UInt64 = 0
    for word in 0..<Window.stripeCount {
      let rest = min(64, max(0, limit &- word &* 64))
      let isWanted = (wanted &>> UInt64(word)) & 1 != 0 && rest > 0
      let whole = live != nil && rest > 0 ? live?[Int(start >> 6) &+ word] ?? .max : .max
      bits[word] = isWanted ? bits[word] & (.max &>> UInt64(64 &- rest)) & whole : 0
      stripes |= (bits[word] != 0 ? 1 : 0) &<< UInt64(word)
    }
    for index in 1..<max(1, count) where stripes != 0 {
      lists[order[index]].keepDocuments(start: start, stripes: stripes, in: bits)
      stripes = 0
      for word in 0..<Window.stripeCount {
        stripes |= (bits[word] != 0 ? 1 : 0) &<< UInt64(word)
      }
    }
    return stripes
  }

  /// Makes a batch of the documents of some words of the window's bits.
  ///
  /// - Returns: Their number.
  private func addDocuments(start: UInt32, words: Range<Int>) -> Int {
    let batch = batch.pointee
    let (documents, left) = (batch.documents, batch.left)
    var count = 0
    for word in words {
      var rest = batch.leftBits[word]
      let first = start &+ UInt32(word &* 64)
      while rest != 0 {
        documents[count] = first &+ UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
        left[count] = UInt16(truncatingIfNeeded: count)
        count = count &+ 1
        rest &= rest &- 1
      }
    }
    return begin(count)
  }

  /// Notes what is known of the documents of a new batch.
  @inline(__always)
  func begin(_ count: Int) -> Int {
    self.batch.pointee.settledCount = 0
    let batch = batch.pointee
    let lengths = lists[order[0]].cursor.lengths
    batch.left[count] = UInt16(PhraseBatch.capacity)
    for id in 0..<count {
      batch.lengthCodes[id] = lengths[Int(batch.documents[id])]
      batch.most[id] = .max
      batch.totals[id] = 0
    }
    return count
  }
}

/// What a phrase has to score.
struct PhraseBound {
  /// Less than what it has to score.
  private let least: Float
  private let rest: Float
  private let denominators: UnsafePointer<Float>

  init(needed: Int32, weight: Float, denominators: UnsafePointer<Float>) {
    least = (Float(needed) - 2) * 0.99999
    rest = weight - least
    self.denominators = denominators
  }

  /// Whether a frequency may score what is needed: where it falls just short, it may be allowed.
  ///
  /// w · f / (f + K) ≥ n where f · (w − n) ≥ n · K, which takes no division.
  @inline(__always)
  func allows(_ frequency: UInt32, _ lengthCode: UInt8) -> Bool {
    let frequency = Float(Int32(truncatingIfNeeded: frequency & 0x7fff_ffff))
    return frequency * rest >= least * denominators[Int(lengthCode)] * 0.99999
  }
}

/// Where the documents of a batch are, all of which all lists of the phrase have.
enum BatchSource {
  /// In a range of doc ids.
  case range(DocumentRange)
  /// Far apart: each list but the rarest, which they are from, looks them up one by one.
  case lookups(UnsafeMutablePointer<PostingLookup>)

  /// The range; `nil` where they are far apart.
  @inline(__always)
  var range: DocumentRange? {
    if case .range(let range) = self { range } else { nil }
  }
}

/// A range of doc ids, and a bit for each of them that is left.
struct DocumentRange {
  let start: UInt32
  let bits: UnsafeMutablePointer<UInt64>
}
