// SPDX-License-Identifier: Apache-2.0

/// The place of every document of a buffer in the order of the documents of all buffers.
///
/// A thread reads a place for every posting, at ever greater distances: mostly one of the few shifts,
/// which stay in the processor's first cache, and not one of the many places, which do not.
package final class DocumentPlaces: @unchecked Sendable {
  // Sendable: nothing changes once the order is known.
  private static let groupBits: UInt32 = 5

  /// The number of documents.
  package let count: Int
  private let places: UnsafeMutablePointer<UInt32>
  // Of each group, how far the places are from the documents' numbers; `.max` where that differs.
  private let shifts: UnsafeMutablePointer<UInt32>

  /// What is to be read, by whoever keeps the places.
  struct View: BitwiseCopyable {
    fileprivate let places: UnsafePointer<UInt32>
    fileprivate let shifts: UnsafePointer<UInt32>

    /// The place of a document.
    @inline(__always)
    subscript(document: UInt32) -> UInt32 {
      let shift = shifts[Int(document &>> DocumentPlaces.groupBits)]
      return shift != .max ? document &+ shift : places[Int(document)]
    }
  }

  /// Creates a table whose places are still to be set.
  init(count: Int) {
    self.count = count
    places = .allocate(capacity: count)
    let groupCount = (count >> Int(Self.groupBits)) + 1
    shifts = .allocate(capacity: groupCount)
    shifts.initialize(repeating: 0, count: groupCount)
  }

  deinit {
    places.deallocate()
    shifts.deallocate()
  }

  var view: View { View(places: places, shifts: shifts) }

  /// Sets the places of the next documents, which follow each other.
  ///
  /// - Parameters:
  ///   - documents: The numbers of the documents, which begin behind those set before.
  ///   - place: The place of the first.
  func set(_ documents: Range<Int>, to place: Int) {
    let shift = UInt32(truncatingIfNeeded: place - documents.lowerBound)
    let mask = 1 << Int(Self.groupBits) - 1
    for document in documents {
      places[document] = UInt32(truncatingIfNeeded: document) &+ shift
      let group = document >> Int(Self.groupBits)
      if document & mask == 0 {
        shifts[group] = shift
      } else if shifts[group] != shift {
        shifts[group] = .max
      }
    }
  }

  /// The place of a document.
  package subscript(document: Int) -> UInt32 { view[UInt32(document)] }
}
