// SPDX-License-Identifier: Apache-2.0

/// Returns the natural logarithm of a positive, finite number.
///
/// It is written out so that scores have the same bits on every platform. The fraction's logarithm
/// is summed as 2 · artanh((m − 1) / (m + 1)), *m* being between √½ and √2, until the terms
/// are below the precision of a `Double`.
package func naturalLogarithm(_ x: Double) -> Double {
  var exponent = Double(x.exponent)
  var fraction = x.significand
  if fraction > 1.414_213_562_373_095_1 {
    fraction /= 2
    exponent += 1
  }
  let ratio = (fraction - 1) / (fraction + 1)
  let square = ratio * ratio
  var power = ratio
  var sum = 0.0
  var divisor = 1.0
  for _ in 0..<14 {
    sum += power / divisor
    power *= square
    divisor += 2
  }
  return 2 * sum + exponent * 0.693_147_180_559_945_3
}
