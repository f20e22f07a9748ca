// SPDX-License-Identifier: Apache-2.0

/// Tokens of one text in flat arrays, reused from text to text so that analysis allocates nothing.
///
/// A buffer belongs to one thread at a time and is therefore not `Sendable`.
public struct TokenBuffer {
  /// One token: where its term and written form stand in the buffer's bytes, and where it stood
  /// in the text.
  public struct Token: Sendable, Hashable {
    /// Where the term begins in ``TokenBuffer/bytes``.
    public var termStart: UInt32
    /// The length of the term in bytes, at least 1.
    public var termLength: UInt16
    /// The length in bytes of the written form, which begins at ``formStart``; 0 where the token
    /// carries none.
    public var formLength: UInt16
    /// Where the written form begins in ``TokenBuffer/bytes``.
    public var formStart: UInt32
    /// The place of the token in the sequence of terms, from 0.
    public var position: UInt32
    /// The first byte of the token's surface in the original text.
    public var startOffset: UInt32
    /// One past the last byte of the token's surface in the original text.
    public var endOffset: UInt32
    /// What else is known of the token.
    public var flags: TokenFlags
  }

  /// The tokens in text order; positions and start offsets never decrease.
  public private(set) var tokens: [Token] = []
  /// The bytes of all terms and written forms, in UTF-8.
  public var bytes: ArraySlice<UInt8> { storage[..<byteCount] }
  // Longer than what it holds, so that adding a token is a copy and nothing more; by `padding` at
  // least, so that a term can be read in whole words.
  private var storage: [UInt8] = []
  private var byteCount = 0
  /// The position that the next token takes unless its analyzer says otherwise.
  public var nextPosition: UInt32 = 0
  /// What an analyzer remembers from call to call, such as a cache of analysed words.
  ///
  /// It never changes what a text analyses to.
  public var scratch: AnyObject?

  /// Creates an empty buffer.
  public init() {}

  /// Removes all tokens and sets the next position to 0; memory and ``scratch`` are kept.
  public mutating func removeAll() {
    tokens.removeAll(keepingCapacity: true)
    byteCount = 0
    nextPosition = 0
  }

  /// Appends a token at the next position.
  ///
  /// - Parameters:
  ///   - term: The term in UTF-8, 1 to 65,535 bytes.
  ///   - form: The written form in UTF-8, at most 65,535 bytes; empty where the token has none.
  ///   - range: The bytes of the token's surface in the original text.
  ///   - flags: What else is known of the token.
  @inline(__always)
  public mutating func append(
    term: UnsafeBufferPointer<UInt8>, form: UnsafeBufferPointer<UInt8>, range: Range<UInt32>,
    flags: TokenFlags = []
  ) {
    let termStart = UInt32(truncatingIfNeeded: byteCount)
    append(term)
    let formStart = UInt32(truncatingIfNeeded: byteCount)
    if !form.isEmpty { append(form) }
    tokens.append(
      Token(
        termStart: termStart, termLength: UInt16(truncatingIfNeeded: term.count),
        formLength: UInt16(truncatingIfNeeded: form.count), formStart: formStart,
        position: nextPosition, startOffset: range.lowerBound, endOffset: range.upperBound,
        flags: flags))
    nextPosition &+= 1
  }

  /// Appends a token whose term and written form stand together, at the next position.
  ///
  /// - Parameters:
  ///   - bytes: The term, then the written form, in UTF-8; ``copiedBytes`` may be read.
  ///   - termLength: The length of the term in bytes.
  ///   - formLength: The length of the written form in bytes.
  ///   - range: The bytes of the token's surface in the original text.
  ///   - flags: What else is known of the token.
  @inline(__always)
  mutating func append(
    termAndForm bytes: UnsafeRawPointer, termLength: Int, formLength: Int, range: Range<UInt32>,
    flags: TokenFlags
  ) {
    let start = UInt32(truncatingIfNeeded: byteCount)
    let count = termLength &+ formLength
    let end = byteCount &+ max(count, Self.copiedBytes)
    if end &+ Self.padding > storage.count { grow(to: end &+ Self.padding) }
    storage.withUnsafeMutableBytes { target in
      guard let target = target.baseAddress else { return }
      let place = target + byteCount
      if count <= Self.copiedBytes {
        // A copy of fixed size is a few moves; what it copies too much is overwritten next.
        var offset = 0
        while offset < Self.copiedBytes {
          let eight = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          place.storeBytes(of: eight, toByteOffset: offset, as: UInt64.self)
          offset &+= 8
        }
      } else {
        place.copyMemory(from: bytes, byteCount: count)
      }
    }
    byteCount &+= count
    tokens.append(
      Token(
        termStart: start, termLength: UInt16(truncatingIfNeeded: termLength),
        formLength: UInt16(truncatingIfNeeded: formLength),
        formStart: start &+ UInt32(truncatingIfNeeded: termLength), position: nextPosition,
        startOffset: range.lowerBound, endOffset: range.upperBound, flags: flags))
    nextPosition &+= 1
  }

  /// Appends the bytes of a text whose words are terms as they stand.
  ///
  /// - Returns: Where they begin in ``bytes``.
  mutating func append(text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    defer { append(text) }
    return UInt32(truncatingIfNeeded: byteCount)
  }

  /// Appends tokens whose bytes are there, and which stand at the next positions.
  mutating func append(contentsOf others: UnsafeBufferPointer<Token>) {
    tokens.append(contentsOf: others)
    nextPosition &+= UInt32(truncatingIfNeeded: others.count)
  }

  /// How many bytes of memory there are behind ``bytes``.
  static var padding: Int { 16 }

  /// How many bytes a token's term and written form are copied as, where they are not longer.
  static var copiedBytes: Int { 32 }

  @inline(__always)
  private mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    let (start, end) = (byteCount, byteCount &+ source.count)
    if end &+ Self.padding > storage.count { grow(to: end &+ Self.padding) }
    storage.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress, let source = source.baseAddress else { return }
      (target + start).update(from: source, count: end &- start)
    }
    byteCount = end
  }

  @inline(never)
  private mutating func grow(to count: Int) {
    let missing = max(count, 4 * storage.count, 128) - storage.count
    storage.append(contentsOf: repeatElement(0, count: missing))
  }

  /// Returns the bytes of a token's term.
  ///
  /// - Parameter token: A token of this buffer.
  /// - Returns: The term in UTF-8.
  public func term(of token: Token) -> ArraySlice<UInt8> {
    storage[Int(token.termStart)..<Int(token.termStart) + Int(token.termLength)]
  }

  /// Returns the bytes of a token's written form.
  ///
  /// - Parameter token: A token of this buffer.
  /// - Returns: The form in UTF-8; empty where the token carries none.
  public func writtenForm(of token: Token) -> ArraySlice<UInt8> {
    storage[Int(token.formStart)..<Int(token.formStart) + Int(token.formLength)]
  }
}

/// What an analyzer knows of a token beside its term.
public struct TokenFlags: OptionSet, Sendable, Hashable {
  /// The bits of the set.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  ///
  /// - Parameter rawValue: The bits of the set.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// A function word that ranking should weigh less.
  public static let stopWord = TokenFlags(rawValue: 1)
  /// The token belongs to the same written word as the one before it: the second and later parts
  /// of a compound or of words run together.
  public static let continuesWord = TokenFlags(rawValue: 2)
  /// The token is a number, in ASCII digits.
  public static let number = TokenFlags(rawValue: 4)
}
