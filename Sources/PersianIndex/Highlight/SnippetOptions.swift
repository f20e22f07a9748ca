// SPDX-License-Identifier: Apache-2.0

/// How long snippets are and of how many passages.
public struct SnippetOptions: Sendable, Hashable {
  /// The most letters of all passages together, 16 to 100,000; longer by part of a word at most.
  public var length: Int
  /// The most passages, 1 to 10; they are shown in text order with an ellipsis between.
  public var passageCount: Int

  /// Creates options.
  ///
  /// - Parameters:
  ///   - length: The most letters of all passages together; clamped to 16 to 100,000.
  ///   - passageCount: The most passages; clamped to 1 to 10.
  public init(length: Int = 200, passageCount: Int = 1) {
    self.length = min(max(length, 16), 100_000)
    self.passageCount = min(max(passageCount, 1), 10)
  }
}
