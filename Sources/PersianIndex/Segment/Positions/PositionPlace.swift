// SPDX-License-Identifier: Apache-2.0

/// Where the positions of a term in one document stand.
///
/// Positions of single documents lie far apart, and the processor waits for each that it has not
/// read lately. Where those of many documents are wanted, all are located first, then read one right
/// after another, so that it waits for all at once, and then decoded:
///
///     for index in places.indices { places[index].read() }
///     for place in places { let isWhole = place.decode(table: table, to: positions) }
///
/// It is a view of mapped bytes.
package struct PositionPlace {
  /// The number of positions.
  package let frequency: Int
  private let base: UnsafeRawPointer
  private let start: Int
  private let layout: (bits: Int, low: Int)
  /// What the code begins with, once it was read.
  private var word: UInt64 = 0

  /// Creates the place of a code all of whose bits are inside the section.
  ///
  /// - Parameters:
  ///   - base: The start of the term's positions.
  ///   - start: The number of bits from there to the document's code.
  ///   - frequency: The number of positions.
  ///   - layout: The layout for that frequency and the document's length code.
  init(base: UnsafeRawPointer, start: Int, frequency: Int, layout: (bits: Int, low: Int)) {
    self.base = base
    self.start = start
    self.frequency = frequency
    self.layout = layout
  }

  /// Creates the place of a position that is known.
  ///
  /// - Parameters:
  ///   - position: The only position.
  ///   - base: The start of the term's positions.
  init(position: Int, base: UnsafeRawPointer) {
    self.base = base
    start = Self.known
    frequency = 1
    layout = (Self.knownBits, Self.knownBits)
    word = UInt64(truncatingIfNeeded: position)
  }

  /// The place of what is known, which is nowhere, and its bits.
  private static var known: Int { -1 }
  private static var knownBits: Int { 31 }

  /// What ``PositionCodes/starts`` has for the code.
  @inline(__always)
  package func start(from record: UnsafeRawPointer) -> Int {
    start == Self.known
      ? PositionCodes.start(ofKnown: Int(truncatingIfNeeded: word))
      : (base - record) &* 8 &+ start
  }

  /// Reads the beginning of the code, which is all of most codes.
  @inline(__always)
  package mutating func read() {
    if start == Self.known { return }
    word =
      UInt64(littleEndian: (base + start >> 3).loadUnaligned(as: UInt64.self))
      &>> UInt64(start & 7)
  }

  /// Decodes the positions, of which ``read()`` has read the beginning.
  ///
  /// - Parameters:
  ///   - table: ``PositionCode/table``.
  ///   - positions: Room for ``frequency`` positions.
  /// - Returns: Whether the code was whole; a damaged one leaves some positions out.
  @inline(__always)
  package func decode(
    table: UnsafePointer<UInt16>, to positions: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    if layout.bits <= PositionCode.wordBits {
      return PositionCode.decodeWord(
        word, frequency: frequency, layout: layout, table: table, to: positions)
    }
    return PositionCode.decode(
      frequency: frequency, layout: layout, base: base, start: start, table: table,
      to: positions)
  }
}
