// SPDX-License-Identifier: Apache-2.0

/// One inverted list in flat memory, used again for the next.
package struct ListBuffer: ~Copyable {
  var bytes = GrowingStorage<UInt8>(capacity: 4096)
  private var documentStorage = GrowingStorage<UInt32>(capacity: 1024)
  private var frequencyStorage = GrowingStorage<UInt32>(capacity: 1024)
  private var positionStorage = GrowingStorage<UInt32>(capacity: 1024)
  private var documentCount = 0
  private var positionCount = 0

  init() {}

  /// The documents, in ascending order.
  package var documents: UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: documentStorage.start, count: documentCount)
  }

  /// The number of occurrences in each document.
  package var frequencies: UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: frequencyStorage.start, count: documentCount)
  }

  /// The positions of each document in turn; empty for a field without positions.
  package var positions: UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: positionStorage.start, count: positionCount)
  }

  /// Empties the list and makes room.
  mutating func removeAll(reservingDocuments documents: Int, positions: Int) {
    documentStorage.reserve(documents)
    frequencyStorage.reserve(documents)
    positionStorage.reserve(positions)
    documentCount = 0
    positionCount = 0
  }

  /// Decodes ``bytes`` as ``TermMap`` writes them for a field with positions.
  mutating func decodePositions(_ byteCount: Int) {
    let bytes = bytes.start
    let documents = documentStorage.start
    let frequencies = frequencyStorage.start
    let positions = positionStorage.start
    var place = 0
    var document = -1
    var number = UInt32.max
    var position: UInt32 = 0
    var frequency: UInt32 = 0
    var count = 0
    while place < byteCount {
      let value = Self.read(bytes, &place)
      if value & 1 == 1 {
        if document >= 0 { frequencies[document] = frequency }
        document &+= 1
        number &+= UInt32(truncatingIfNeeded: value &>> 1)
        documents[document] = number
        position = UInt32(truncatingIfNeeded: Self.read(bytes, &place))
        frequency = 1
      } else {
        position &+= UInt32(truncatingIfNeeded: value &>> 1)
        frequency &+= 1
      }
      positions[count] = position
      count &+= 1
    }
    if document >= 0 { frequencies[document] = frequency }
    documentCount = document + 1
    positionCount = count
  }

  /// Decodes ``bytes`` as ``TermMap`` writes them for a field without positions.
  mutating func decodeFrequencies(_ byteCount: Int, last: UInt32) {
    let bytes = bytes.start
    var place = 0
    var number = UInt32.max
    while place < byteCount {
      number &+= UInt32(truncatingIfNeeded: Self.read(bytes, &place))
      documentStorage.start[documentCount] = number
      frequencyStorage.start[documentCount] =
        place < byteCount ? UInt32(truncatingIfNeeded: Self.read(bytes, &place)) : last
      documentCount &+= 1
    }
  }

  @inline(__always)
  private static func read(_ bytes: UnsafeMutablePointer<UInt8>, _ place: inout Int) -> UInt64 {
    let first = bytes[place]
    place &+= 1
    if first < 0x80 { return UInt64(first) }
    var value = UInt64(first & 0x7f)
    var shift: UInt64 = 7
    while true {
      let group = bytes[place]
      place &+= 1
      value |= UInt64(group & 0x7f) &<< shift
      if group < 0x80 { return value }
      shift &+= 7
    }
  }

  /// Gives every document another number; the order must stay.
  mutating func mapDocuments(to places: UnsafePointer<UInt32>) {
    let documents = documentStorage.start
    for index in 0..<documentCount { documents[index] = places[Int(documents[index])] }
  }

  /// Takes the documents of several lists, none of which is in two of them, in ascending order.
  ///
  /// - Parameters:
  ///   - lists: The lists, other than this one.
  ///   - count: The number of lists.
  mutating func join(_ lists: UnsafeMutablePointer<ListBuffer>, count: Int) {
    var (documents, positions) = (0, 0)
    for index in 0..<count {
      documents += lists[index].documentCount
      positions += lists[index].positionCount
    }
    removeAll(reservingDocuments: documents, positions: positions)
    withUnsafeTemporaryAllocation(of: (document: Int, position: Int).self, capacity: count) {
      next in
      next.initialize(repeating: (0, 0))
      while documentCount < documents {
        // The documents of one list as far as they are before those of all others.
        var list = 0
        var (first, bound) = (UInt32.max, UInt32.max)
        for index in 0..<count where next[index].document < lists[index].documentCount {
          let document = lists[index].documentStorage.start[next[index].document]
          if document < first {
            (list, first, bound) = (index, document, first)
          } else {
            bound = min(bound, document)
          }
        }
        append(from: lists + list, until: bound, &next[list])
      }
    }
  }

  private mutating func append(
    from list: UnsafeMutablePointer<ListBuffer>, until bound: UInt32,
    _ next: inout (document: Int, position: Int)
  ) {
    let hasPositions = list.pointee.positionCount > 0
    let documents = list.pointee.documentStorage.start
    let frequencies = list.pointee.frequencyStorage.start
    let end = list.pointee.documentCount
    var (index, length) = (next.document, 0)
    repeat {
      documentStorage.start[documentCount] = documents[index]
      frequencyStorage.start[documentCount] = frequencies[index]
      length &+= Int(frequencies[index])
      documentCount &+= 1
      index &+= 1
    } while index < end && documents[index] < bound
    if hasPositions {
      let positions = list.pointee.positionStorage.start
      (positionStorage.start + positionCount).update(
        from: positions + next.position, count: length)
      positionCount &+= length
    }
    next = (index, next.position &+ length)
  }
}
