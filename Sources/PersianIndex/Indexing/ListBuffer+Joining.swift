// SPDX-License-Identifier: Apache-2.0

extension ListBuffer {
  /// How far a list has been decoded.
  struct Cursor: BitwiseCopyable {
    private(set) var place: Int
    let end: Int
    private var number = UInt32.max
    /// The new number of the document stood at, whose number has been read; greater than any
    /// behind the last.
    private(set) var document = UInt32.max
    private let places: DocumentPlaces.View?

    init(_ start: Int, _ source: Source) {
      place = start
      end = start + source.byteCount
      places = source.places
    }

    /// Reads a number.
    @inline(__always)
    mutating func read(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
      UInt32(truncatingIfNeeded: ListBuffer.read(bytes, &place))
    }

    /// Reads the number of the next document, which is written with some bits below it.
    @inline(__always)
    mutating func advance(_ bytes: UnsafePointer<UInt8>, flagBits: UInt64) {
      guard place < end else {
        document = .max
        return
      }
      let value = ListBuffer.read(bytes, &place)
      number &+= UInt32(truncatingIfNeeded: value &>> flagBits)
      document = places.map { $0[number] } ?? number
    }
  }

  /// Decodes several lists in turn, each as far as its documents are before those of all others.
  mutating func join(hasPositions: Bool) {
    cursors.reserve(sourceCount)
    var start = 0
    for index in 0..<sourceCount {
      var cursor = Cursor(start, sources.start[index])
      cursor.advance(bytes.start, flagBits: hasPositions ? 1 : 0)
      cursors.start[index] = cursor
      start = cursor.end
    }
    while true {
      var source = 0
      var (first, bound) = (UInt32.max, UInt32.max)
      for index in 0..<sourceCount {
        let document = cursors.start[index].document
        if document < first {
          (source, first, bound) = (index, document, first)
        } else {
          bound = min(bound, document)
        }
      }
      if first == .max { return }
      if hasPositions {
        decodePositions(of: source, until: bound)
      } else {
        decodeFrequencies(of: source, until: bound)
      }
    }
  }

  /// Decodes documents of a list up to, not including, one with a number.
  private mutating func decodePositions(of source: Int, until bound: UInt32) {
    let bytes = UnsafePointer(bytes.start)
    let documents = documentStorage.start
    let frequencies = frequencyStorage.start
    let positions = positionStorage.start
    var cursor = cursors.start[source]
    var (index, count) = (documentCount, positionCount)
    repeat {
      documents[index] = cursor.document
      let first = count
      var position = cursor.read(bytes)
      positions[count] = position
      count &+= 1
      // The lowest bit of a number is in its first byte, and is 1 in that behind a list.
      while bytes[cursor.place] & 1 == 0 {
        position &+= cursor.read(bytes) &>> 1
        positions[count] = position
        count &+= 1
      }
      frequencies[index] = UInt32(truncatingIfNeeded: count &- first)
      index &+= 1
      cursor.advance(bytes, flagBits: 1)
    } while cursor.document < bound
    cursors.start[source] = cursor
    (documentCount, positionCount) = (index, count)
  }

  /// Decodes documents of a list up to, not including, one with a number.
  private mutating func decodeFrequencies(of source: Int, until bound: UInt32) {
    let bytes = UnsafePointer(bytes.start)
    var cursor = cursors.start[source]
    repeat {
      documentStorage.start[documentCount] = cursor.document
      frequencyStorage.start[documentCount] =
        cursor.place < cursor.end ? cursor.read(bytes) : sources.start[source].state
      documentCount &+= 1
      cursor.advance(bytes, flagBits: 0)
    } while cursor.document < bound
    cursors.start[source] = cursor
  }
}
