// SPDX-License-Identifier: Apache-2.0

/// Turns text into the terms that are indexed and searched.
///
/// An analyzer is a value without mutable state, so one instance serves any number of threads;
/// what it wants to remember between calls (a word cache, say) lives in the ``TokenBuffer`` that
/// the caller passes in and keeps for itself.
///
/// The same text must always give the same tokens: an index stores the ``identity`` of the analyzer
/// that filled it and refuses to be opened with another.
public protocol Analyzer: Sendable {
  /// What is stored in an index to recognise the analyzer again.
  var identity: AnalyzerIdentity { get }

  /// What beside the ``identity`` is needed to make the analyzer again, such as the user's own
  /// words; stored in an index with it. Empty where the analyzer has no settings.
  var configurationData: [UInt8] { get }

  /// Whether people write the same word with and without a space in it, so that a query's words are
  /// also looked for as the index has them, joined or cut. `false` unless an analyzer says otherwise.
  var variesSpaces: Bool { get }

  /// Appends the tokens of a text to a buffer.
  ///
  /// - Parameters:
  ///   - text: The text in UTF-8. Invalid sequences never trap; they act as punctuation.
  ///   - tokens: Receives the tokens, in text order. It is not emptied first: the new tokens' byte
  ///     offsets count from the start of `text`, and their positions go on from
  ///     ``TokenBuffer/nextPosition``.
  /// - Complexity: O(*n*) in the bytes of `text`.
  func analyze(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer)
}

extension Analyzer {
  /// Nothing, for an analyzer without settings.
  public var configurationData: [UInt8] { [] }

  /// No: words are where the spaces are.
  public var variesSpaces: Bool { false }

  /// Returns the tokens of a string, for display and tests.
  ///
  ///     for token in PersianAnalyzer().tokens(of: "کتاب‌های") {
  ///       print(token.term, token.surface, token.position)
  ///     }
  ///
  /// - Parameter text: The text to analyse.
  /// - Returns: The tokens in text order; empty when the text holds no word.
  /// - Complexity: O(*n*) in the bytes of `text`, with an allocation per token. Indexing and
  ///   searching use ``analyze(_:into:)``, which has none.
  public func tokens(of text: String) -> [AnalyzedToken] {
    var text = text
    return text.withUTF8 { bytes in
      var buffer = TokenBuffer()
      analyze(bytes, into: &buffer)
      return buffer.tokens.map { token in
        AnalyzedToken(
          term: String(decoding: buffer.term(of: token), as: UTF8.self),
          writtenForm: token.formLength == 0
            ? nil : String(decoding: buffer.writtenForm(of: token), as: UTF8.self),
          surface: String(
            decoding: bytes[Int(token.startOffset)..<Int(token.endOffset)], as: UTF8.self),
          position: Int(token.position),
          utf8Range: Int(token.startOffset)..<Int(token.endOffset),
          flags: token.flags)
      }
    }
  }
}
