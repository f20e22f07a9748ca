// SPDX-License-Identifier: Apache-2.0

extension ListBuffer {
  /// How far a list has been decoded.
  struct Cursor: BitwiseCopyable {
    var place: Int
    let end: Int
    var number = UInt32.max
    /// The new number of the document stood at, whose number has been read; greater than any
    /// behind the last.
    var document = UInt32.max

    init(_ start: Int, byteCount: Int) {
      place = start
      end = start + byteCount
    }
  }

  /// Decodes several lists in turn, each as far as its documents are before those of all others.
  mutating func join(hasPositions: Bool) {
    cursors.reserve(sourceCount)
    var start = 0
    for index in 0..<sourceCount {
      let count = sources.start[index].byteCount
      cursors.start[index] = Cursor(start, byteCount: count)
      advance(index, hasPositions: hasPositions)
      start += count
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

  /// Reads the number of a list's next document.
  @inline(__always)
  private func advance(_ source: Int, hasPositions: Bool) {
    let cursor = cursors.start + source
    guard cursor.pointee.place < cursor.pointee.end else {
      cursor.pointee.document = .max
      return
    }
    let value = Self.read(bytes.start, &cursor.pointee.place)
    cursor.pointee.number &+= UInt32(truncatingIfNeeded: hasPositions ? value &>> 1 : value)
    let number = cursor.pointee.number
    cursor.pointee.document = sources.start[source].places.map { $0[Int(number)] } ?? number
  }

  /// Decodes documents of a list up to, not including, one with a number.
  private mutating func decodePositions(of source: Int, until bound: UInt32) {
    let bytes = bytes.start
    let positions = positionStorage.start
    let cursor = cursors.start + source
    repeat {
      documentStorage.start[documentCount] = cursor.pointee.document
      var place = cursor.pointee.place
      var position = UInt32(truncatingIfNeeded: Self.read(bytes, &place))
      let first = positionCount
      positions[positionCount] = position
      positionCount &+= 1
      // The lowest bit of a number is in its first byte.
      while place < cursor.pointee.end, bytes[place] & 1 == 0 {
        position &+= UInt32(truncatingIfNeeded: Self.read(bytes, &place) &>> 1)
        positions[positionCount] = position
        positionCount &+= 1
      }
      frequencyStorage.start[documentCount] = UInt32(truncatingIfNeeded: positionCount &- first)
      documentCount &+= 1
      cursor.pointee.place = place
      advance(source, hasPositions: true)
    } while cursor.pointee.document < bound
  }

  /// Decodes documents of a list up to, not including, one with a number.
  private mutating func decodeFrequencies(of source: Int, until bound: UInt32) {
    let cursor = cursors.start + source
    repeat {
      documentStorage.start[documentCount] = cursor.pointee.document
      frequencyStorage.start[documentCount] =
        cursor.pointee.place < cursor.pointee.end
        ? UInt32(truncatingIfNeeded: Self.read(bytes.start, &cursor.pointee.place))
        : sources.start[source].state
      documentCount &+= 1
      advance(source, hasPositions: false)
    } while cursor.pointee.document < bound
  }
}
