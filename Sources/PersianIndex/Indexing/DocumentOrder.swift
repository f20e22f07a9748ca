// SPDX-License-Identifier: Apache-2.0

/// The documents of several buffers in the order of their insertion.
package struct DocumentOrder {
  /// A document by where it comes from.
  package struct Origin {
    package var source: Int
    package var document: UInt32
  }

  /// All documents in their order.
  package private(set) var origins: [Origin] = []
  /// For each buffer, the place of every document in ``origins``.
  package private(set) var places: [[UInt32]]

  /// Orders documents.
  ///
  /// - Parameter sequences: The insertion numbers of each buffer, ascending; none comes twice.
  /// - Complexity: O(*n*) in the documents, and for every run of documents of one buffer O(*k*) in
  ///   the buffers.
  package init(_ sequences: [[UInt64]]) {
    places = sequences.map { [UInt32](repeating: 0, count: $0.count) }
    origins.reserveCapacity(sequences.reduce(0) { $0 + $1.count })
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
      repeat {
        places[source][next[source]] = UInt32(origins.count)
        origins.append(Origin(source: source, document: UInt32(next[source])))
        next[source] += 1
      } while next[source] < numbers.count && numbers[next[source]] < bound
    }
  }
}
