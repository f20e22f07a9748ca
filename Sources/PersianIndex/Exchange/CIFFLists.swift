// SPDX-License-Identifier: Apache-2.0

/// Where some posting lists of a CIFF file are, once sorted in the order of their terms.
struct CIFFLists {
  /// Where each list's message is.
  private(set) var ranges: [Range<Int>] = []
  private var lastTerm: [UInt8] = []
  private var isSorted = true

  /// Appends the list of a term.
  mutating func append(_ range: Range<Int>, term: [UInt8]) {
    if !ranges.isEmpty, !lastTerm.lexicographicallyPrecedes(term) { isSorted = false }
    ranges.append(range)
    lastTerm = term
  }

  /// Sorts the lists by their terms.
  ///
  /// - Parameter file: The file that they are in.
  /// - Throws: `.corrupt` where a term has two lists.
  mutating func sort(_ file: MappedBytes) throws(IndexError) {
    guard !isSorted else { return }
    var keyed: [(term: [UInt8], range: Range<Int>)] = []
    for range in ranges { keyed.append((try CIFFList.term(in: range, of: file), range)) }
    keyed.sort { $0.term.lexicographicallyPrecedes($1.term) }
    for (left, right) in zip(keyed, keyed.dropFirst()) where left.term == right.term {
      throw IndexError(
        .corrupt, "'\(String(decoding: left.term, as: UTF8.self))' has two lists",
        path: file.path, offset: UInt64(right.range.lowerBound))
    }
    ranges = keyed.map(\.range)
    isSorted = true
  }
}
