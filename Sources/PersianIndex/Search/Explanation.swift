// SPDX-License-Identifier: Apache-2.0

/// Why a document scored what it scored: a tree of numbers that add up.
///
///     1.84 = sum of
///       1.21 = «کتاب»: inverse document frequency 2.42 × 0.5
///         1 = 1 occurrence in «title», counting 2.5, among 4 tokens of 6.1 on average
///       0.63 = …
public struct Explanation: Sendable, Hashable, CustomStringConvertible {
  /// What the part contributes to the part above it.
  public let score: Float
  /// How it comes about, in one line.
  public let reason: String
  /// What it is made of; empty where there is no more to say.
  public let parts: [Explanation]

  /// Creates an explanation.
  ///
  /// - Parameters:
  ///   - score: What the part contributes to the part above it.
  ///   - reason: How it comes about, in one line.
  ///   - parts: What it is made of.
  public init(score: Float, reason: String, parts: [Explanation] = []) {
    self.score = score
    self.reason = reason
    self.parts = parts
  }

  /// The tree in lines, each part indented below what it is part of.
  public var description: String {
    lines(indentation: "").joined(separator: "\n")
  }

  private func lines(indentation: String) -> [String] {
    ["\(indentation)\(score) = \(reason)"]
      + parts.flatMap { $0.lines(indentation: indentation + "  ") }
  }
}
