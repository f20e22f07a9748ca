// SPDX-License-Identifier: Apache-2.0

/// The list of one term, put together from those of several segments.
struct MergedLists: ~Copyable {
  /// The list of one segment.
  var decoded = DecodedPostings()
  private let documentCount: Int
  private var count = 0
  private var positionCount = 0
  private var isSorted = true
  private var hasPositions = false
  private var documents = GrowingStorage<UInt32>(capacity: 1024)
  private var frequencies = GrowingStorage<UInt32>(capacity: 1024)
  // Where the positions of each entry begin.
  private var starts = GrowingStorage<Int>(capacity: 1024)
  private var positions = GrowingStorage<UInt32>(capacity: 1024)
  // The same in the order of the documents, where that is another.
  private var sortedDocuments = GrowingStorage<UInt32>(capacity: 1024)
  private var sortedFrequencies = GrowingStorage<UInt32>(capacity: 1024)
  private var sortedPositions = GrowingStorage<UInt32>(capacity: 1024)
  // Which documents there are, one bit each, and the entry of each of these.
  private let bits: UnsafeMutableBufferPointer<UInt64>
  private let entries: UnsafeMutablePointer<UInt32>
  private var keys: [UInt64] = []

  init(documentCount: Int) {
    self.documentCount = documentCount
    bits = .allocate(capacity: (documentCount + 63) / 64)
    bits.initialize(repeating: 0)
    entries = .allocate(capacity: documentCount)
  }

  deinit {
    bits.deallocate()
    entries.deallocate()
  }

  var isEmpty: Bool { count == 0 }

  mutating func removeAll() {
    count = 0
    positionCount = 0
    isSorted = true
    hasPositions = false
  }

  /// Appends the list in ``decoded`` under the new places of its documents.
  mutating func append(mappedBy places: [UInt32]) {
    let decodedCount = decoded.documents.count
    documents.reserve(count + decodedCount, keeping: count)
    frequencies.reserve(count + decodedCount, keeping: count)
    starts.reserve(count + decodedCount, keeping: count)
    positions.reserve(positionCount + decoded.positions.count, keeping: positionCount)
    hasPositions = hasPositions || !decoded.positions.isEmpty
    let list = decoded
    list.documents.withUnsafeBufferPointer { oldDocuments in
      list.frequencies.withUnsafeBufferPointer { oldFrequencies in
        list.positions.withUnsafeBufferPointer { oldPositions in
          places.withUnsafeBufferPointer { places in
            append(oldDocuments, oldFrequencies, oldPositions, places)
          }
        }
      }
    }
  }

  private mutating func append(
    _ oldDocuments: UnsafeBufferPointer<UInt32>, _ oldFrequencies: UnsafeBufferPointer<UInt32>,
    _ oldPositions: UnsafeBufferPointer<UInt32>, _ places: UnsafeBufferPointer<UInt32>
  ) {
    var last = count == 0 ? -1 : Int(documents.start[count - 1])
    var from = 0
    for index in oldDocuments.indices {
      let place = places[Int(oldDocuments[index])]
      let frequency = oldFrequencies[index]
      let length = hasPositions ? Int(frequency) : 0
      if place != SegmentMerger.dropped {
        if Int(place) < last { isSorted = false }
        last = Int(place)
        documents.start[count] = place
        frequencies.start[count] = frequency
        starts.start[count] = positionCount
        count &+= 1
        for offset in 0..<length {
          positions.start[positionCount &+ offset] = oldPositions[from &+ offset]
        }
        positionCount &+= length
      }
      from &+= length
    }
  }

  /// Writes the list in the order of its documents.
  mutating func write(
    _ key: UnsafeBufferPointer<UInt8>, to writer: SegmentWriter
  ) throws(IndexError) {
    if !isSorted { sort() }
    let (documents, frequencies, positions) =
      isSorted
      ? (documents.start, frequencies.start, positions.start)
      : (sortedDocuments.start, sortedFrequencies.start, sortedPositions.start)
    try writer.addTerm(
      key, documents: UnsafeBufferPointer(start: documents, count: count),
      frequencies: UnsafeBufferPointer(start: frequencies, count: count),
      positions: UnsafeBufferPointer(start: positions, count: positionCount))
  }

  private mutating func sort() {
    sortedDocuments.reserve(count)
    sortedFrequencies.reserve(count)
    sortedPositions.reserve(positionCount)
    var (target, targetPosition) = (0, 0)
    if count < documentCount / 1024 {
      keys.removeAll(keepingCapacity: true)
      for entry in 0..<count {
        keys.append(UInt64(documents.start[entry]) << 32 | UInt64(entry))
      }
      keys.sort()
      for key in keys {
        take(Int(truncatingIfNeeded: key & 0xffff_ffff), &target, &targetPosition)
      }
      return
    }
    // A longer list is sorted fastest by giving every document a bit and reading the bits.
    // (Swift 6.3 with the thread sanitizer does not compile `bits[…] |= …` on the property.)
    let bits = bits
    for entry in 0..<count {
      let document = Int(documents.start[entry])
      bits[document &>> 6] |= 1 &<< UInt64(document & 63)
      entries[document] = UInt32(truncatingIfNeeded: entry)
    }
    for index in bits.indices where bits[index] != 0 {
      var word = bits[index]
      bits[index] = 0
      while word != 0 {
        let document = index &* 64 &+ word.trailingZeroBitCount
        word &= word &- 1
        take(Int(entries[document]), &target, &targetPosition)
      }
    }
  }

  @inline(__always)
  private mutating func take(_ entry: Int, _ target: inout Int, _ targetPosition: inout Int) {
    let frequency = frequencies.start[entry]
    sortedDocuments.start[target] = documents.start[entry]
    sortedFrequencies.start[target] = frequency
    target &+= 1
    guard hasPositions else { return }
    let from = starts.start[entry]
    for offset in 0..<Int(frequency) {
      sortedPositions.start[targetPosition &+ offset] = positions.start[from &+ offset]
    }
    targetPosition &+= Int(frequency)
  }
}
