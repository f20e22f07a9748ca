// SPDX-License-Identifier: Apache-2.0

/// The caller's own name for a document: unique in an index, and what updates and deletes go by.
///
///     let key: DocumentKey = "mehr/1399/08/28/1"
///
/// Keys are compared byte by byte: no letter folding, no trimming.
public struct DocumentKey: Sendable, Hashable {
  /// The largest length of a key, in bytes of UTF-8.
  public static let maximumLength = 8_192

  /// The key's text.
  public let text: String

  /// Creates a key.
  ///
  /// - Parameter text: The key's text: 1 to ``maximumLength`` bytes of UTF-8. Other lengths are
  ///   refused with `.invalidDocument` where the document is added.
  public init(_ text: String) {
    self.text = text
  }
}

extension DocumentKey: ExpressibleByStringLiteral {
  /// Creates a key from a literal.
  ///
  /// - Parameter value: The key's text.
  public init(stringLiteral value: String) {
    self.init(value)
  }
}

extension DocumentKey: CustomStringConvertible {
  /// The key's text.
  public var description: String { text }
}

extension DocumentKey: Comparable {
  /// Orders keys by their UTF-8 bytes.
  ///
  /// - Parameters:
  ///   - lhs: A key.
  ///   - rhs: Another key.
  /// - Returns: Whether `lhs` comes first.
  public static func < (lhs: DocumentKey, rhs: DocumentKey) -> Bool {
    lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
  }
}
