// SPDX-License-Identifier: Apache-2.0

/// One inverted list in flat memory, used again for the next.
///
///     list.removeAll()
///     lists.gather(address, into: &list)           // once, or once for each of several buffers
///     list.decode(hasPositions: true)
///     encoder.add(key, documents: list.documents, …)
package struct ListBuffer: ~Copyable {
  /// A list as a buffer has gathered it.
  struct Source: BitwiseCopyable {
    let documentCount: UInt32
    let byteCount: Int
    /// The frequency in the last document, in a field without positions.
    let state: UInt32
    /// For each document, what number it gets; `nil` to leave them as they are.
    let places: DocumentPlaces.View?
  }

  private(set) var bytes = GrowingStorage<UInt8>(capacity: 4096)
  private var byteCount = 0
  private(set) var sources = GrowingStorage<Source>(capacity: 8)
  var cursors = GrowingStorage<Cursor>(capacity: 8)
  private(set) var sourceCount = 0
  private(set) var documentStorage = GrowingStorage<UInt32>(capacity: 1024)
  private(set) var frequencyStorage = GrowingStorage<UInt32>(capacity: 1024)
  private(set) var positionStorage = GrowingStorage<UInt32>(capacity: 1024)
  var documentCount = 0
  var positionCount = 0
  // What reading ahead has read.
  var touched: UInt32 = 0

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

  /// Empties the list.
  mutating func removeAll() {
    byteCount = 0
    sourceCount = 0
    documentCount = 0
    positionCount = 0
  }

  /// Adds what has been gathered and returns where its bytes belong.
  mutating func append(_ source: Source) -> UnsafeMutablePointer<UInt8> {
    bytes.reserve(byteCount + source.byteCount + 1, keeping: byteCount)
    sources.reserve(sourceCount + 1, keeping: sourceCount)
    sources.start[sourceCount] = source
    sourceCount += 1
    defer { byteCount += source.byteCount }
    return bytes.start + byteCount
  }

  /// Decodes what has been gathered; of several lists, no document is in two.
  ///
  /// - Parameter hasPositions: Whether the field has positions.
  mutating func decode(hasPositions: Bool) {
    var count = 0
    for index in 0..<sourceCount { count += Int(sources.start[index].documentCount) }
    documentStorage.reserve(count)
    frequencyStorage.reserve(count)
    if hasPositions { positionStorage.reserve(byteCount) }
    // What a document's first number looks like, behind the last.
    bytes.start[byteCount] = 1
    join(hasPositions: hasPositions)
  }

  @inline(__always)
  static func read(_ bytes: UnsafePointer<UInt8>, _ place: inout Int) -> UInt64 {
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
