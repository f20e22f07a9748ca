// SPDX-License-Identifier: Apache-2.0

/// Memory for documents that may hold a phrase while it is found out which of them do.
///
/// Whatever is done is done for all documents before the next thing is: a processor guesses the
/// branches of such loops well, but not those of a document that is looked at from beginning to end.
///
/// The documents of a batch are known by ids from 0 up, ascending. It owns memory, which its one
/// owner frees.
struct PhraseBatch {
  /// The most documents of a batch, and the doc ids of a range that one is made from.
  static let capacity = PositionCodes.capacity
  /// The words of bits that one document may take; one with positions beyond is looked at by itself.
  private static let mostWords = 64
  /// The words of bits that there is always room for.
  private static let leastWords = 1024

  /// The documents.
  let documents: UnsafeMutablePointer<UInt32>
  /// The code of each document's length.
  let lengthCodes: UnsafeMutablePointer<UInt8>
  /// The most often that each document may hold the phrase.
  let most: UnsafeMutablePointer<UInt32>
  /// How often each document holds the phrase.
  let totals: UnsafeMutablePointer<UInt32>
  /// The ids of the documents left, and after them that of no document.
  let left: UnsafeMutablePointer<UInt16>
  /// A bit for each document of a window that is left.
  let leftBits: UnsafeMutablePointer<UInt64>
  /// The first word of each document's bits, and in the upper half the number of bits less 1; all
  /// set there for a document that is looked at by itself.
  let bitRanges: UnsafeMutablePointer<UInt64>
  /// For each code of a field's length, the least length of the next code.
  private let universes: UnsafePointer<UInt32>
  private let lastOffset: Int
  /// The positions of all documents: bits for where the phrase would end.
  private(set) var bits: UnsafeMutablePointer<UInt64>
  /// As ``bits``, with the next word.
  private(set) var nextBits: UnsafeMutablePointer<UInt64>
  /// The words of bits in use.
  var words = 0
  private var wordCapacity: Int
  /// The ids of documents whose totals are known otherwise.
  let settled: UnsafeMutablePointer<UInt16>
  var settledCount = 0
  private var wordMemory: UnsafeMutablePointer<UInt64>
  private let codes: UnsafeMutablePointer<PositionCodes>
  private let listCount: Int
  private let memory: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - listCount: The number of lists of the phrase.
  ///   - lastOffset: The greatest offset of a word of the phrase.
  ///   - universes: For each code of a field's length, the least length of the next code.
  init(listCount: Int, lastOffset: Int, universes: UnsafePointer<UInt32>) {
    let capacity = Self.capacity
    memory = .allocate(
      byteCount: 8 * (Window.stripeCount + capacity) + 3 * 4 * capacity
        + 2 * 2 * (capacity + 1) + capacity, alignment: 64)
    leftBits = memory.bindMemory(to: UInt64.self, capacity: Window.stripeCount + capacity)
    bitRanges = leftBits + Window.stripeCount
    documents = UnsafeMutableRawPointer(bitRanges + capacity)
      .bindMemory(to: UInt32.self, capacity: 3 * capacity)
    most = documents + capacity
    totals = most + capacity
    left = UnsafeMutableRawPointer(totals + capacity)
      .bindMemory(to: UInt16.self, capacity: 2 * (capacity + 1))
    settled = left + capacity + 1
    lengthCodes = UnsafeMutableRawPointer(settled + capacity + 1)
      .bindMemory(to: UInt8.self, capacity: capacity)
    left.initialize(repeating: UInt16(capacity), count: capacity + 1)
    wordCapacity = Self.leastWords
    wordMemory = .allocate(capacity: 2 * wordCapacity)
    (bits, nextBits) = (wordMemory, wordMemory + wordCapacity)
    self.listCount = listCount
    self.universes = universes
    self.lastOffset = lastOffset
    codes = .allocate(capacity: listCount)
    for index in 0..<listCount { (codes + index).initialize(to: PositionCodes()) }
  }

  func deallocate() {
    for index in 0..<listCount { codes[index].deallocate() }
    codes.deallocate()
    wordMemory.deallocate()
    memory.deallocate()
  }

  /// Where a list has the positions of the documents.
  @inline(__always)
  func codes(of list: Int) -> PositionCodes { codes[list] }

  /// The words of bits that a document takes, given the code of its field's length: a power of two; 0
  /// where it is looked at by itself.
  @inline(__always)
  func wordCount(_ lengthCode: UInt8) -> Int {
    // One more than a position can be, and what is added to it.
    let greatest = Int(universes[Int(lengthCode) &+ 1]) &+ lastOffset
    let size = 1 &<< (Int.bitWidth &- (greatest >> 6).leadingZeroBitCount)
    return size > Self.mostWords ? 0 : size
  }

  /// Makes room for bits; what they were is lost.
  mutating func reserve(words: Int) {
    if words <= wordCapacity { return }
    wordMemory.deallocate()
    wordCapacity = words
    wordMemory = .allocate(capacity: 2 * wordCapacity)
    (bits, nextBits) = (wordMemory, wordMemory + wordCapacity)
  }

  /// Notes how often a document holds the phrase.
  mutating func settle(_ id: UInt16, total: UInt32) {
    totals[Int(id)] = total
    settled[settledCount] = id
    settledCount += 1
  }

  /// Makes the next bits those that count.
  mutating func swapBits() {
    swap(&bits, &nextBits)
  }
}
