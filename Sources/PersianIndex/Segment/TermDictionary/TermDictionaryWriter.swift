// SPDX-License-Identifier: Apache-2.0

/// Codes the term dictionary of a segment: keys in ascending bytewise order, front-coded.
///
/// A key is one byte for the indexed field, then the term in UTF-8.
package struct TermDictionaryWriter {
  /// Creates an empty dictionary.
  package init() {}

  /// Adds a key greater than all before.
  ///
  /// - Parameters:
  ///   - key: 1 to 65,535 bytes.
  ///   - info: What the postings writer gave for it; offsets never decrease.
  package mutating func add(key: UnsafeBufferPointer<UInt8>, _ info: TermInfo) {}

  /// Ends the dictionary and returns the bytes of its section.
  package consuming func finish() -> [UInt8] { [] }
}
