// SPDX-License-Identifier: Apache-2.0

/// How queries are warmed and timed; the same numbers for every engine of a comparison.
struct Timing {
  /// Passes over all queries before a command is timed.
  let warmUpPasses: Int
  /// The least and most timed passes over one class.
  let passes: ClosedRange<Int>
  /// No pass over a class begins after this much time, once the least number is done.
  let budget: Duration

  init(_ arguments: Arguments) throws(Failure) {
    let least = max(1, try arguments.number("min-passes", default: 3))
    warmUpPasses = try arguments.number("warmup", default: 2)
    passes = least...max(least, try arguments.number("max-passes", default: 15))
    budget = .milliseconds(try arguments.number("budget-ms", default: 1_500))
  }
}

extension Duration {
  var microseconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
  }

  var seconds: Double { microseconds / 1e6 }
}
