// SPDX-License-Identifier: Apache-2.0

/// The documents of several buffers in the order of their insertion.
package struct DocumentOrder: Sendable {
  /// Documents of one buffer that follow each other in the order, too.
  package struct Run: Sendable {
    /// The number of the buffer.
    package let source: Int
    /// The documents, by their numbers in the buffer.
    package let documents: Range<Int>
  }

  /// All documents in their order.
  package private(set) var runs: [Run] = []
  /// For each buffer, the place of every document in the order.
  package let places: [DocumentPlaces]
  /// The number of documents.
  package private(set) var count = 0

  /// Orders documents.
  ///
  /// - Parameter sequences: The insertion numbers of each buffer, ascending; none comes twice.
  /// - Complexity: O(*n*) in the documents, and for every run of documents of one buffer O(*k*) in
  ///   the buffers.
  package init(_ sequences: [[UInt64]]) {
    places = sequences.map { DocumentPlaces(count: $0.count) }
    var next = sequences.map { _ in 0 }
    while true {
      var source: Int?
      var (first, bound) = (UInt64.max, UInt64.max)
      for index in sequences.indices where next[index] < sequences[index].count {
        let number = sequences[index][next[index]]
        if source == nil || number < first {
          (source, first, bound) = (index, number, source == nil ? .max : first)
        } else {
          bound = min(bound, number)
        }
      }
      guard let source else { break }
      let numbers = sequences[source]
      let start = next[source]
      var end = start + 1
      while end < numbers.count, numbers[end] < bound { end += 1 }
      places[source].set(start..<end, to: count)
      runs.append(Run(source: source, documents: start..<end))
      next[source] = end
      count += end - start
    }
  }

  /// Brings what there is of every document, by buffer and document, into the order.
  func joined<Value>(_ values: [[Value]]) -> [Value] {
    var all: [Value] = []
    all.reserveCapacity(count)
    for run in runs { all.append(contentsOf: values[run.source][run.documents]) }
    return all
  }
}
