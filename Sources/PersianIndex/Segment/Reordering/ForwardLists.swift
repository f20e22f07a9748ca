// SPDX-License-Identifier: Apache-2.0

/// The terms of each document: an inverted index turned round, for ``DocumentBisection``.
struct ForwardLists: ~Copyable {
  /// The number of documents.
  let documentCount: Int
  /// The number of terms.
  private(set) var termCount = 0
  // Document d has the terms from starts[d] up to starts[d + 1].
  private let starts: UnsafeMutablePointer<Int>
  private let terms: UnsafeMutablePointer<UInt32>

  /// Makes room for lists of known lengths.
  ///
  /// - Parameter lengths: The number of terms of each document.
  init(lengths: [UInt32]) {
    documentCount = lengths.count
    starts = .allocate(capacity: lengths.count + 1)
    var start = 0
    for (document, length) in lengths.enumerated() {
      (starts + document).initialize(to: start)
      start += Int(length)
    }
    (starts + lengths.count).initialize(to: start)
    terms = .allocate(capacity: max(start, 1))
  }

  deinit {
    starts.deallocate()
    terms.deallocate()
  }

  /// Adds the next term.
  ///
  /// After the last, call ``finish()``.
  ///
  /// - Parameter documents: The documents that hold it.
  mutating func add(documents: [UInt32]) {
    for document in documents {
      let start = starts + Int(document)
      terms[start.pointee] = UInt32(termCount)
      start.pointee += 1
    }
    termCount += 1
  }

  /// Ends the lists: each start has gone on to the next one's place.
  mutating func finish() {
    for document in stride(from: documentCount, to: 0, by: -1) {
      starts[document] = starts[document - 1]
    }
    if documentCount > 0 { starts[0] = 0 }
  }

  @inline(__always)
  func terms(of document: UInt32) -> UnsafeBufferPointer<UInt32> {
    let start = starts[Int(document)]
    return UnsafeBufferPointer(
      start: terms + start, count: starts[Int(document) &+ 1] &- start)
  }
}
