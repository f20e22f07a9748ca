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
}
