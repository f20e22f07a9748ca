// SPDX-License-Identifier: Apache-2.0

/// How the 128 frequencies of a block, less 1, are coded: the low bits packed, and apart from these
/// the few that have more.
///
/// The places of these exceptions are the high bits of each as so many zeros and a one, and the low
/// bits packed (Elias, 1974; Fano, 1971): all ones stand in one word, so that a place is found at
/// once. What they have above the width follows level by level: a bit for each exception, set where
/// it is more than 1; a bit for each of those, set where it is more than 2; and so on, up to a level
/// without set bits.
struct FrequencyPacking {
  /// The greatest width beside which there may be exceptions.
  static let widestPatched = 6
  /// The most exceptions: more would not have all ones in one word.
  static let mostExceptions = 31
  /// The most bits of the exceptions; a whole word that begins there lies among the zero bytes after
  /// the last list.
  private static let mostBits = 320

  let width: Int
  let exceptions: Int
  private let exceptionBits: Int

  /// The bytes of the packed values and their exceptions.
  private var size: Int { 16 * width + (exceptionBits + 7) / 8 }
  /// Four times the bytes, and something for the time that exceptions take.
  private var cost: Int { 4 * size + exceptions }

  private init(width: Int, exceptions: Int = 0, exceptionBits: Int = 0) {
    self.width = width
    self.exceptions = exceptions
    self.exceptionBits = exceptionBits
  }

  /// Chooses the packing that costs least.
  ///
  /// - Parameter values: 128 values.
  init(for values: UnsafePointer<UInt32>) {
    var seen = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 { seen |= Self.load(values, row) }
    let all = seen[0] | seen[1] | seen[2] | seen[3]
    let whole = UInt32.bitWidth - all.leadingZeroBitCount
    var best = FrequencyPacking(width: whole)
    for width in (0..<whole).reversed() {
      let (exceptions, sum) = Self.count(of: values, above: width)
      if exceptions > Self.mostExceptions { break }
      let bits = Self.levelsStart(exceptions) + sum
      let packing = FrequencyPacking(
        width: width, exceptions: exceptions, exceptionBits: bits)
      if width <= Self.widestPatched && bits <= Self.mostBits && packing.cost < best.cost {
        best = packing
      }
    }
    self = best
  }

  /// Counts the values that have bits above a width, of 0 to 31, and sums up these bits, or some part
  /// of them where that is above ``mostBits``.
  private static func count(
    of values: UnsafePointer<UInt32>, above width: Int
  ) -> (exceptions: Int, sum: Int) {
    let shift = SIMD4(repeating: UInt32(truncatingIfNeeded: width))
    var counts = SIMD4<UInt32>(repeating: 0)
    var sums = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 {
      let high = load(values, row) &>> shift
      // The highest bit of a number or of its negative is set, unless it is 0.
      counts &+= (high | (0 &- high)) &>> 31
      sums &+= pointwiseMin(high, SIMD4(repeating: UInt32(mostBits + 1)))
    }
    return (Int(counts.wrappedSum()), Int(sums.wrappedSum()))
  }

  @inline(__always)
  private static func load(_ values: UnsafePointer<UInt32>, _ row: Int) -> SIMD4<UInt32> {
    UnsafeRawPointer(values).loadUnaligned(fromByteOffset: row &* 16, as: SIMD4<UInt32>.self)
  }

  /// The low bits of the place of one of so many exceptions: what suits those spread by chance.
  @inline(__always)
  private static func lowBits(_ exceptions: Int) -> Int {
    7 &- (Int.bitWidth &- exceptions.leadingZeroBitCount)
  }

  /// Where the low bits of the places of so many exceptions begin.
  @inline(__always)
  private static func lowStart(_ exceptions: Int, low: Int) -> Int {
    exceptions &+ 128 &>> low
  }

  /// Where the levels of so many exceptions begin.
  @inline(__always)
  private static func levelsStart(_ exceptions: Int) -> Int {
    let low = lowBits(exceptions)
    return exceptions == 0 ? 0 : lowStart(exceptions, low: low) &+ exceptions &* low
  }

  /// Packs the values in their order of memory and appends the exceptions.
  func append(_ values: UnsafePointer<UInt32>, to output: inout RawBuffer) {
    BitPacking.pack(values, width: width, to: output.reserve(16 * width))
    output.advance(by: 16 * width)
    if exceptions == 0 { return }
    let places = (0..<128).filter { values[$0] >> UInt32(width) != 0 }
    let low = Self.lowBits(exceptions)
    var ones: UInt64 = 0
    for (index, place) in places.enumerated() { ones |= 1 << UInt64(place >> low + index) }
    let count = Self.lowStart(exceptions, low: low)
    output.appendBits(ones & 0xffff_ffff, count: min(count, 32))
    output.appendBits(ones >> 32, count: max(count, 32) - 32)
    for place in places { output.appendBits(UInt64(place & (1 << low - 1)), count: low) }
    var level: UInt32 = 1
    var left = places
    while !left.isEmpty {
      let more = left.filter { values[$0] >> UInt32(width) > level }
      for place in left {
        output.appendBits(values[place] >> UInt32(width) > level ? 1 : 0, count: 1)
      }
      left = more
      level += 1
    }
    output.alignToByte()
  }

  /// Decodes values.
  ///
  /// Of damaged bytes, at most 64 after the packed ones are read.
  ///
  /// - Parameters:
  ///   - source: The packed values.
  ///   - width: Their width, at most 32.
  ///   - exceptions: The number of exceptions, at most ``mostExceptions``.
  ///   - values: Room for 128 values, aligned to 16 bytes.
  @inline(__always)
  static func unpack(
    _ source: UnsafeRawPointer, width: Int, exceptions: Int,
    to values: UnsafeMutablePointer<UInt32>
  ) {
    values.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
      BitPacking.unpack(source, width: width, to: rows)
    }
    if exceptions > 0 {
      add(
        source + 16 &* width, one: 1 &<< UInt32(truncatingIfNeeded: width), exceptions, to: values)
    }
  }

  @inline(__always)
  private static func add(
    _ source: UnsafeRawPointer, one: UInt32, _ exceptions: Int,
    to values: UnsafeMutablePointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: mostExceptions + 1) { places in
      guard let places = places.baseAddress else { return }
      var walk = PlaceWalk(source, exceptions)
      for index in 0..<exceptions {
        let place = walk.next(index)
        places[index] = UInt8(truncatingIfNeeded: place)
        values[place] &+= one
      }
      var bit = levelsStart(exceptions)
      var count = exceptions
      while bit < mostBits {
        var level = bits(source, from: bit, count: count)
        if level == 0 { return }
        bit = bit &+ count
        count = 0
        while level != 0 {
          let place = places[level.trailingZeroBitCount]
          places[count] = place
          values[Int(place)] &+= one
          count = count &+ 1
          level &= level &- 1
        }
      }
    }
  }

  /// Reads what a value has above the width.
  ///
  /// - Parameters:
  ///   - index: The value's index, 0 to 127.
  ///   - source: What follows the packed values; of damaged bytes, at most 64 are read.
  ///   - exceptions: The number of exceptions, at most ``mostExceptions``.
  /// - Returns: It; 0 where the value is no exception.
  @inline(__always)
  static func high(
    at index: Int, _ source: UnsafeRawPointer, exceptions: Int
  ) -> UInt32 {
    var walk = PlaceWalk(source, exceptions)
    for exception in 0..<exceptions {
      let place = walk.next(exception)
      if place == index { return high(ofException: exception, source, exceptions: exceptions) }
      if place > index { return 0 }
    }
    return 0
  }

  private static func high(
    ofException exception: Int, _ source: UnsafeRawPointer, exceptions: Int
  ) -> UInt32 {
    var bit = levelsStart(exceptions)
    var (rank, count) = (exception, exceptions)
    var high: UInt32 = 1
    while bit < mostBits {
      let level = bits(source, from: bit, count: count)
      if (level &>> UInt64(rank)) & 1 == 0 { break }
      high = high &+ 1
      bit = bit &+ count
      count = level.nonzeroBitCount
      rank = (level & ((1 &<< UInt64(rank)) &- 1)).nonzeroBitCount
    }
    return high
  }

  /// Reads at most 32 bits.
  @inline(__always)
  private static func bits(_ source: UnsafeRawPointer, from bit: Int, count: Int) -> UInt64 {
    let word = UInt64(littleEndian: (source + bit >> 3).loadUnaligned(as: UInt64.self))
    return (word &>> UInt64(bit & 7)) & ((1 &<< UInt64(count)) &- 1)
  }

  /// Reads the places of exceptions one after another.
  private struct PlaceWalk {
    private var ones: UInt64
    private var lows: UInt64
    private let low: Int

    @inline(__always)
    init(_ source: UnsafeRawPointer, _ exceptions: Int) {
      low = lowBits(exceptions)
      let start = lowStart(exceptions, low: low)
      ones = UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
      let bytes = source + start >> 3
      let first = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
      let rest = UInt64(bytes.load(fromByteOffset: 8, as: UInt8.self))
      lows = (first &>> UInt64(start & 7)) | ((rest &<< 1) &<< UInt64(63 &- start & 7))
    }

    @inline(__always)
    mutating func next(_ index: Int) -> Int {
      // Of damaged bytes, a place may be any.
      let high = ones.trailingZeroBitCount &- index
      let place = (high &<< low) | Int(truncatingIfNeeded: lows) & ((1 &<< low) &- 1)
      ones &= ones &- 1
      lows &>>= UInt64(low)
      return place & 127
    }
  }
}
