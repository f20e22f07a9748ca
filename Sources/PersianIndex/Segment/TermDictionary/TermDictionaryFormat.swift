// SPDX-License-Identifier: Apache-2.0

/// The layout of the term dictionary section; docs/FORMAT.md has it byte by byte.
package enum TermDictionaryFormat {
  /// The number of terms in a block.
  package static let blockSize = 32
  /// The bytes of the section's header.
  package static let headerSize = 16
}
