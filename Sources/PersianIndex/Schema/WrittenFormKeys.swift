// SPDX-License-Identifier: Apache-2.0

/// The dictionary keys from which the occurrences of a written form follow.
///
/// Four words of five are written as their terms, and what is written as its term is not listed a
/// second time. The indexed field of the written forms lists
///
/// - for each form, the tokens that are written so and whose term is another, and
/// - for each term, behind ``mark``, those of its tokens that are written otherwise.
///
/// A form occurs in a document as often as the first list says, and as often as the term that equals
/// it does, less what the second list says of that term.
package struct WrittenFormKeys: Sendable {
  /// Begins the keys of terms; no written form is indexed that begins with it.
  package static let mark: UInt8 = 0

  /// The key of the tokens that have the form and another term.
  package let listed: [UInt8]
  /// The key of the term that equals the form.
  package var term: [UInt8] { [listed[0] - 1] + listed.dropFirst() }
  /// The key of the tokens of that term that are written otherwise.
  package var otherwise: [UInt8] { [listed[0], Self.mark] + listed.dropFirst() }

  /// All three.
  package var all: [[UInt8]] { [listed, term, otherwise] }

  /// Creates the keys that belong to the key of a written form.
  ///
  /// The result is `nil` for a key of another field than one of written forms.
  ///
  /// - Parameter key: A key of the dictionary: the number of an indexed field, and a form or term.
  package init?(_ key: [UInt8]) {
    guard let number = key.first, number % 2 == 1 else { return nil }
    listed = key
  }

  /// Whether a key is ``term``.
  package func isTerm(_ key: [UInt8]) -> Bool {
    key.count == listed.count && key[0] == listed[0] - 1
      && key.dropFirst().elementsEqual(listed.dropFirst())
  }

  /// Whether a key lists how often a term is written otherwise.
  package static func isOtherwise(_ key: some Collection<UInt8>) -> Bool {
    guard let number = key.first, number % 2 == 1 else { return false }
    return key.dropFirst().first == mark
  }

  /// Estimates how many documents have a form from how many each of the three lists has.
  ///
  /// Of the documents with tokens of the term that are written otherwise, half are taken to have the
  /// form too: the number is exact but for those, and it adds up over the parts of a collection
  /// to within one of each.
  package static func documentFrequency(listed: Int, term: Int, otherwise: Int) -> Int {
    listed + max(0, term - otherwise / 2)
  }
}
