// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// What an entry holds, as offsets in bytes from its address, which is a multiple of 64.
  enum Entry {
    /// One more than the number of the last document, 0 before the first.
    static let lastDocument = 0
    /// The number of documents.
    static let documentCount = 4
    /// The last position, or the frequency in the last document where there are no positions.
    static let state = 8
    /// Where the next bytes go in the last chunk; 0 before the first.
    static let cursor = 12
    /// Where the last chunk ends; 0 before the first.
    static let limit = 16
    /// The number of bytes of the term.
    static let termLength = 20
    /// The number of bytes that are staged.
    static let stagedCount = 22
    /// The size of the last chunk, as the number of times it was doubled.
    static let doublings = 23
    /// The number of the field.
    ///
    /// Of a term of at most 16 bytes, the key begins here; a longer one has
    /// its key behind the entry.
    static let field = 24
    /// The term's ``TermHash/Ends``.
    static let ends = 25
    /// The end of the list, which has not been brought to a chunk.
    static let staged = 41
    /// The bytes that are staged at most; three more are written and not used.
    static let stagedBytes = 20
    /// The bytes of an entry.
    static let size = 64
  }
}
