// SPDX-License-Identifier: Apache-2.0

import PersianIndex

extension HitRenderer {
  /// The lines of an explanation, indented below its hit.
  static func lines(of explanation: Explanation, depth: Int = 1) -> [String] {
    let indentation = String(repeating: " ", count: 1 + 2 * depth)
    return ["\(indentation)\(explanation.score) = \(Sanitizer.running(explanation.reason))"]
      + explanation.parts.flatMap { lines(of: $0, depth: depth + 1) }
  }

  /// An explanation as an object, with its parts in it.
  static func object(for explanation: Explanation) -> JSONObject {
    var object = JSONObject()
    object.set("score", Double(explanation.score))
    object.set("reason", explanation.reason)
    if !explanation.parts.isEmpty {
      object.set("parts", explanation.parts.map { Self.object(for: $0) })
    }
    return object
  }
}
