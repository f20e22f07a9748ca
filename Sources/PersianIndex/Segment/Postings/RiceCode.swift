// SPDX-License-Identifier: Apache-2.0

/// Codes short runs of documents and frequencies: the whole list of a rare term, or what a longer
/// list has after its full blocks.
///
/// One byte holds two parameters, the low five bits that of the gaps, the high three that of the
/// frequencies. A value *v* with parameter *k* is written as *v* >> *k* ones, a zero, and the *k* low
/// bits of *v* (Rice, "Some practical universal noiseless coding techniques", 1979). From 24 ones
/// on, there is no zero, and all 32 bits of the value follow. First come all gaps less 1, then all
/// frequencies less 1, unless all of the list's are 1.
package enum RiceCode {
  private static let escape = 24

  private static func cost(_ value: UInt32, _ parameter: Int) -> Int {
    let quotient = Int(value >> UInt32(parameter))
    return quotient < escape ? quotient + 1 + parameter : escape + 32
  }

  private static func append(_ value: UInt32, _ parameter: Int, to output: inout RawBuffer) {
    let quotient = Int(value >> UInt32(parameter))
    if quotient < escape {
      output.appendBits((1 << UInt64(quotient)) - 1, count: quotient + 1)
      output.appendBits(
        UInt64(value) & ((1 << UInt64(parameter)) - 1), count: parameter)
    } else {
      output.appendBits((1 << UInt64(escape)) - 1, count: escape)
      output.appendBits(UInt64(value), count: 32)
    }
  }

  private static func bestParameter(
    from first: Int, through last: Int, _ totalCost: (Int) -> Int
  ) -> Int {
    var best = first
    var bestCost = Int.max
    for parameter in first...last {
      let cost = totalCost(parameter)
      if cost < bestCost {
        best = parameter
        bestCost = cost
      }
    }
    return best
  }

  /// Appends a run and fills up its last byte.
  ///
  /// - Parameters:
  ///   - documents: The doc ids, ascending; 1 to 127.
  ///   - frequencies: The frequencies, at least 1 each; `nil` where all of the list are 1.
  ///   - base: One past the last document before the run.
  ///   - output: Receives the run.
  package static func encode(
    documents: UnsafeBufferPointer<UInt32>, frequencies: UnsafeBufferPointer<UInt32>?, base: UInt32,
    to output: inout RawBuffer
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: documents.count) { gaps in
      var previous = base
      var sum: UInt64 = 0
      for index in 0..<documents.count {
        gaps.initializeElement(at: index, to: documents[index] &- previous)
        sum += UInt64(documents[index] &- previous)
        previous = documents[index] &+ 1
      }
      let mean = sum / UInt64(documents.count)
      let guess = mean == 0 ? 0 : UInt64.bitWidth - mean.leadingZeroBitCount - 1
      let gapParameter = bestParameter(from: max(0, guess - 2), through: min(31, guess + 1)) {
        parameter in
        gaps.reduce(0) { $0 + cost($1, parameter) }
      }
      let frequencyParameter =
        frequencies.map { frequencies in
          bestParameter(from: 0, through: 7) { parameter in
            frequencies.reduce(0) { $0 + cost($1 &- 1, parameter) }
          }
        } ?? 0
      output.append(UInt8(gapParameter | frequencyParameter << 5))
      for gap in gaps { append(gap, gapParameter, to: &output) }
      if let frequencies {
        for frequency in frequencies { append(frequency &- 1, frequencyParameter, to: &output) }
      }
      output.alignToByte()
    }
  }

  /// Reads values of one parameter.
  ///
  /// The bits at hand are kept in a register, because where a value begins is known only once the one
  /// before is read, and a load for each would be waited for.
  private struct Reader {
    private let base: UnsafeRawPointer
    private let parameter: Int
    /// The number of bits from `base` to the next one read.
    private(set) var position: Int
    /// The next bits, each turned over; zeros behind them.
    private var window: UInt64 = 0
    /// How many bits the window has.
    private var left = 0

    @inline(__always)
    init(_ base: UnsafeRawPointer, position: Int, parameter: Int) {
      self.base = base
      self.position = position
      self.parameter = parameter
      fill()
    }

    @inline(__always)
    private mutating func fill() {
      let bits = UInt64(littleEndian: (base + position >> 3).loadUnaligned(as: UInt64.self))
      window = ~bits &>> UInt64(position & 7)
      left = 64 &- position & 7
    }

    @inline(__always)
    mutating func next() -> UInt32 {
      var quotient = window.trailingZeroBitCount
      if quotient &+ 1 &+ parameter > left {
        fill()
        quotient = window.trailingZeroBitCount
      }
      if quotient >= escape { return nextEscaped() }
      let size = quotient &+ 1 &+ parameter
      let low = ~(window &>> UInt64(quotient &+ 1)) & ((1 &<< UInt64(parameter)) &- 1)
      window = window &>> UInt64(size)
      left = left &- size
      position = position &+ size
      return UInt32(truncatingIfNeeded: UInt64(quotient) &<< UInt64(parameter) | low)
    }

    /// Reads a value of parameter 0.
    @inline(__always)
    mutating func nextUnary() -> UInt32 {
      if window == 0 { fill() }
      let value = window.trailingZeroBitCount
      if value >= escape { return nextEscaped() }
      window = window &>> UInt64(value &+ 1)
      left = left &- value &- 1
      position = position &+ value &+ 1
      return UInt32(truncatingIfNeeded: value)
    }

    @inline(never)
    private mutating func nextEscaped() -> UInt32 {
      var cursor = BitCursor(base: base, position: position &+ escape)
      let value = UInt32(truncatingIfNeeded: cursor.read(32))
      position = cursor.position
      fill()
      return value
    }
  }

  /// Decodes the documents of a run.
  ///
  /// - Parameters:
  ///   - source: The run's first byte.
  ///   - available: The bytes from there that may be read, 16 bytes of padding not counted.
  ///   - count: The number of documents, 1 to 127.
  ///   - base: One past the last document before the run.
  ///   - limit: One past the greatest document that may stand in it.
  ///   - documents: Room for `count` documents.
  /// - Returns: Where the frequencies begin, in bits after `source`; `nil` when the run is damaged.
  @inline(__always)
  package static func decodeDocuments(
    _ source: UnsafeRawPointer, available: Int, count: Int, base: UInt32, limit: UInt32,
    to documents: UnsafeMutablePointer<UInt32>
  ) -> Int? {
    if available <= 0 { return nil }
    var reader = Reader(
      source, position: 8, parameter: Int(source.load(as: UInt8.self) & 31))
    var next = UInt64(base)
    let isNearEnd = isNearEnd(8, count: count, available: available)
    for index in 0..<count {
      if isNearEnd && reader.position >= available &* 8 { return nil }
      next = next &+ UInt64(reader.next())
      documents[index] = UInt32(truncatingIfNeeded: next)
      next = next &+ 1
    }
    // They ascend, and even damaged ones do not overflow 64 bits.
    return next > UInt64(limit) ? nil : reader.position
  }

  /// Decodes the frequencies of a run.
  ///
  /// - Parameters:
  ///   - source: The run's first byte.
  ///   - available: The bytes from there that may be read, 16 bytes of padding not counted.
  ///   - start: Where the frequencies begin, as ``decodeDocuments(_:available:count:base:limit:to:)``
  ///     returned it.
  ///   - count: The number of documents, 1 to 127.
  ///   - frequencies: Room for `count` frequencies.
  /// - Returns: The bytes of the run; `nil` when it is damaged.
  @inline(__always)
  package static func decodeFrequencies(
    _ source: UnsafeRawPointer, available: Int, start: Int, count: Int,
    to frequencies: UnsafeMutablePointer<UInt32>
  ) -> Int? {
    if count > 0 && start >= available &* 8 { return nil }
    let parameter = Int(source.load(as: UInt8.self) >> 5)
    let isNearEnd = isNearEnd(start, count: count, available: available)
    var reader = Reader(source, position: start, parameter: parameter)
    if parameter == 0 && !isNearEnd {
      for index in 0..<count { frequencies[index] = reader.nextUnary() &+ 1 }
    } else {
      for index in 0..<count {
        if isNearEnd && reader.position >= available &* 8 { return nil }
        frequencies[index] = reader.next() &+ 1
      }
    }
    return (reader.position &+ 7) >> 3
  }

  /// Whether reading so many values, which take at most 56 bits each, may pass the end.
  @inline(__always)
  private static func isNearEnd(_ position: Int, count: Int, available: Int) -> Bool {
    position &+ 64 &* count > available &* 8
  }
}
