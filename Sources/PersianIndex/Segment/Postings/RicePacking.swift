// SPDX-License-Identifier: Apache-2.0

/// How 128 values *v* are coded with a parameter *k*: their low *k* bits are packed, and ⌊*v* / 2^*k*⌋
/// zeros and a one for each follow, one after another (the code of Rice, "Some practical universal
/// noiseless coding techniques", 1979, its two parts apart).
///
/// Gaps of documents that are spread by chance take half a bit less each than packed alone. The
/// place of a value's one, less the ones before it, is the sum of all high parts up to it, which is
/// what gaps are decoded for.
struct RicePacking {
  /// The greatest parameter: sums of 128 values stay below 2^30 with it.
  static let greatestParameter = 20
  /// The most bytes of zeros and ones.
  static let mostBytes = 63

  let parameter: Int
  /// The bytes of zeros and ones.
  let byteCount: Int

  /// The bytes of the coded values.
  var size: Int { 16 * parameter + byteCount }

  /// Chooses the parameter of the fewest bytes; there is no value where none will do.
  ///
  /// - Parameters:
  ///   - values: 128 values.
  ///   - sum: Their sum.
  init?(for values: UnsafePointer<UInt32>, sum: UInt64) {
    // High parts add up to at most the sum's: where they fit with one parameter, they do with greater
    // ones.
    let mean = sum / 128
    var parameter = mean < 2 ? 1 : UInt64.bitWidth - mean.leadingZeroBitCount - 1
    if parameter > Self.greatestParameter { return nil }
    var bytes = Self.byteCount(of: values, parameter)
    while parameter > 0 {
      let fewer = Self.byteCount(of: values, parameter - 1)
      if fewer > Self.mostBytes || fewer >= bytes + 16 { break }
      parameter -= 1
      bytes = fewer
    }
    if bytes > Self.mostBytes { return nil }
    self.parameter = parameter
    byteCount = bytes
  }

  private static func byteCount(of values: UnsafePointer<UInt32>, _ parameter: Int) -> Int {
    let shift = SIMD4(repeating: UInt32(truncatingIfNeeded: parameter))
    var sums = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 {
      // High parts above what fits are cut down, so that the sum cannot overflow.
      let high =
        UnsafeRawPointer(values).loadUnaligned(
          fromByteOffset: row &* 16, as: SIMD4<UInt32>.self) &>> shift
      sums &+= pointwiseMin(high, SIMD4(repeating: UInt32(8 * mostBytes)))
    }
    return (128 + Int(sums.wrappedSum()) + 7) / 8
  }

  /// Packs the low parts in their order of memory, and appends the zeros and ones in another.
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - place: For the index of each zeros and one, the index of its value.
  ///   - output: Receives them.
  func append(
    _ values: UnsafePointer<UInt32>, orderedBy place: (Int) -> Int, to output: inout RawBuffer
  ) {
    BitPacking.pack(values, width: parameter, to: output.reserve(16 * parameter))
    output.advance(by: 16 * parameter)
    let bits = output.reserve(byteCount)
    bits.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    var next = 0
    for index in 0..<128 {
      next += Int(values[place(index)] >> UInt32(parameter))
      let byte = bits.load(fromByteOffset: next >> 3, as: UInt8.self)
      bits.storeBytes(of: byte | 1 << UInt8(next & 7), toByteOffset: next >> 3, as: UInt8.self)
      next += 1
    }
    output.advance(by: byteCount)
  }
}
