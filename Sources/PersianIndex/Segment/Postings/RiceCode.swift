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
  /// before is read, and a load for each would be waited for. So that they stay there, nothing that is not
  /// inlined gets the reader's address.
  private struct Reader {
    private let base: UnsafeRawPointer
    private let parameter: UInt64
    /// The number of bits from `base` to the next one read.
    private(set) var position: Int
    /// The next bits, each turned over; zeros behind them.
    private var window: UInt64 = 0
    /// How many bits the window has.
    private var left: UInt64 = 0

    @inline(__always)
    init(_ base: UnsafeRawPointer, position: Int, parameter: UInt8) {
      self.base = base
      self.position = position
      self.parameter = UInt64(parameter)
      fill()
    }

    @inline(__always)
    private mutating func fill() {
      let bits = UInt64(littleEndian: (base + position >> 3).loadUnaligned(as: UInt64.self))
      let passed = UInt64(truncatingIfNeeded: position) & 7
      window = ~bits &>> passed
      left = 64 &- passed
    }

    @inline(__always)
    mutating func next() -> UInt32 {
      var quotient = UInt64(truncatingIfNeeded: window.trailingZeroBitCount)
      if quotient &+ 1 &+ parameter > left {
        fill()
        quotient = UInt64(truncatingIfNeeded: window.trailingZeroBitCount)
      }
      if quotient >= UInt64(escape) {
        let value = RiceCode.escapedValue(base, position: position)
        position = position &+ escapedSize
        fill()
        return value
      }
      let size = quotient &+ 1 &+ parameter
      let low = ~(window &>> (quotient &+ 1)) & ((1 &<< parameter) &- 1)
      window = window &>> size
      left = left &- size
      position = position &+ Int(truncatingIfNeeded: size)
      return UInt32(truncatingIfNeeded: quotient &<< parameter | low)
    }
  }

  /// The bits of an escaped value.
  private static let escapedSize = escape + 32

  /// Reads an escaped value that begins at a place.
  @inline(never)
  private static func escapedValue(_ base: UnsafeRawPointer, position: Int) -> UInt32 {
    var cursor = BitCursor(base: base, position: position &+ escape)
    return UInt32(truncatingIfNeeded: cursor.read(32))
  }

  /// Reads values, and says whether all of them begin before an end.
  @inline(__always)
  private static func read(
    _ count: Int, from reader: inout Reader, end: Int, _ body: (Int, UInt32) -> Void
  ) -> Bool {
    // A value takes at most 56 bits.
    if reader.position &+ 64 &* count <= end {
      for index in 0..<count { body(index, reader.next()) }
      return true
    }
    for index in 0..<count {
      if reader.position >= end { return false }
      body(index, reader.next())
    }
    return true
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
    var reader = Reader(source, position: 8, parameter: source.load(as: UInt8.self) & 31)
    var next = UInt64(base)
    let isWhole = read(count, from: &reader, end: available &* 8) { index, gap in
      next = next &+ UInt64(gap)
      documents[index] = UInt32(truncatingIfNeeded: next)
      next = next &+ 1
    }
    // They ascend, and even damaged ones do not overflow 64 bits.
    return isWhole && next <= UInt64(limit) ? reader.position : nil
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
    let end = available &* 8
    if count > 0 && start >= end { return nil }
    let parameter = source.load(as: UInt8.self) >> 5
    if parameter == 0, start &+ 64 &* count <= end,
      let size = decodeUnary(source, start: start, count: count, to: frequencies)
    {
      return size
    }
    var reader = Reader(source, position: start, parameter: parameter)
    let isWhole = read(count, from: &reader, end: end) { index, value in
      frequencies[index] = value &+ 1
    }
    return isWhole ? (reader.position &+ 7) >> 3 : nil
  }

  /// Decodes frequencies of parameter 0: each as many ones as it is above 1, and a zero.
  ///
  /// Only the ones are looked for: most frequencies have none.
  ///
  /// - Returns: The bytes of the run; `nil` where a value is escaped.
  @inline(__always)
  private static func decodeUnary(
    _ source: UnsafeRawPointer, start: Int, count: Int,
    to frequencies: UnsafeMutablePointer<UInt32>
  ) -> Int? {
    frequencies.update(repeating: 1, count: count)
    var ones = 0
    var position = start
    while true {
      // The zeros before the next bit are as many as the documents before it.
      var document = position &- start &- ones
      if document >= count { break }
      let passed = UInt64(truncatingIfNeeded: position) & 7
      var bits =
        UInt64(littleEndian: (source + position >> 3).loadUnaligned(as: UInt64.self)) &>> passed
      var isPast = false
      while bits != 0 {
        let index = document &+ bits.trailingZeroBitCount
        if index >= count {
          isPast = true
          break
        }
        let frequency = frequencies[index] &+ 1
        frequencies[index] = frequency
        if frequency > UInt32(escape) { return nil }
        bits &= bits &- 1
        ones = ones &+ 1
        document = document &- 1
      }
      if isPast { break }
      position = position &+ 64 &- Int(truncatingIfNeeded: passed)
    }
    return (start &+ count &+ ones &+ 7) >> 3
  }
}
