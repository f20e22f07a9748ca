// SPDX-License-Identifier: Apache-2.0

/// One token with its texts as strings, for display and tests.
public struct AnalyzedToken: Sendable, Hashable {
  /// The term that is indexed and searched.
  public let term: String
  /// The word as written, in a spelling-independent form; `nil` where the token carries none.
  public let writtenForm: String?
  /// The original text of the token.
  public let surface: String
  /// The place of the token in the sequence of terms, from 0.
  public let position: Int
  /// The bytes of ``surface`` in the original text's UTF-8.
  public let utf8Range: Range<Int>
  /// What else is known of the token.
  public let flags: TokenFlags
}
