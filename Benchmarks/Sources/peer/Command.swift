// SPDX-License-Identifier: Apache-2.0

/// What is asked of a query: its best hits, the number of its matches, or both.
enum Command {
  case top(Int)
  case count
  case topAndCount(Int)

  /// Reads `TOP_10`, `COUNT` or `TOP_10_COUNT`.
  init(_ name: String) throws(Failure) {
    let parts = name.split(separator: "_")
    if parts == ["COUNT"] {
      self = .count
    } else if parts.count == 2, parts[0] == "TOP", let limit = Int(parts[1]), limit > 0 {
      self = .top(limit)
    } else if parts.count == 3, parts[0] == "TOP", let limit = Int(parts[1]), limit > 0,
      parts[2] == "COUNT"
    {
      self = .topAndCount(limit)
    } else {
      throw Failure("unknown command '\(name)'")
    }
  }
}
