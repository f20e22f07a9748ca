// SPDX-License-Identifier: Apache-2.0

/// The rules of one `.searchctlignore` file, in the syntax of `.gitignore`.
///
/// A later rule overrides an earlier one, `!` takes back, a slash at the end means folders only,
/// a slash elsewhere ties the rule to the folder of the file, `*`, `?` and `[…]` match within a
/// name and `**` across folders.
struct IgnoreRules: Sendable {
  private struct Rule: Sendable {
    let pattern: [UInt8]
    let isNegated: Bool
    let isForFolders: Bool
    let isAnchored: Bool
  }

  private let rules: [Rule]

  init(_ text: String) {
    rules = text.split(whereSeparator: \.isNewline).compactMap(Self.rule)
  }

  private static func rule(_ line: Substring) -> Rule? {
    var line = line
    while line.hasSuffix(" "), !line.hasSuffix("\\ ") { line.removeLast() }
    guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
    let isNegated = line.hasPrefix("!")
    if isNegated { line.removeFirst() }
    let isForFolders = line.hasSuffix("/")
    if isForFolders { line.removeLast() }
    let isAnchored = line.contains("/")
    if line.hasPrefix("/") { line.removeFirst() }
    guard !line.isEmpty else { return nil }
    return Rule(
      pattern: Array(line.utf8), isNegated: isNegated, isForFolders: isForFolders,
      isAnchored: isAnchored)
  }

  /// Says whether a path is ignored.
  ///
  /// - Parameters:
  ///   - path: The path relative to the folder of the rules.
  ///   - isFolder: Whether it is a folder.
  /// - Returns: The word of the last rule that speaks of the path; `nil` where none does.
  func verdict(on path: String, isFolder: Bool) -> Bool? {
    let whole = Array(path.utf8)
    let name = Array(PathName.name(path).utf8)
    for rule in rules.reversed() where isFolder || !rule.isForFolders {
      if Self.matches(rule.pattern[...], rule.isAnchored ? whole[...] : name[...]) {
        return !rule.isNegated
      }
    }
    return nil
  }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let slash = UInt8(ascii: "/")
    if pattern.starts(with: Array("**/".utf8)) {
      let rest = pattern.dropFirst(3)
      if matches(rest, text) { return true }
      var tail = text
      while let cut = tail.firstIndex(of: slash) {
        tail = tail[(cut + 1)...]
        if matches(rest, tail) { return true }
      }
      return false
    }
    if pattern.elementsEqual(Array("**".utf8)) { return true }
    switch first {
    case UInt8(ascii: "*"):
      let rest = pattern.drop { $0 == UInt8(ascii: "*") }
      var tail = text
      while true {
        if matches(rest, tail) { return true }
        guard let next = tail.first, next != slash else { return false }
        tail = tail.dropFirst()
      }
    case UInt8(ascii: "?"):
      guard let next = text.first, next != slash else { return false }
      // One letter, however many bytes it has.
      return matches(pattern.dropFirst(), text.dropFirst().drop { $0 & 0xC0 == 0x80 })
    case UInt8(ascii: "["):
      guard let (isMember, rest) = bracket(pattern, text.first), text.first != slash else {
        return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
      }
      return isMember && matches(rest, text.dropFirst())
    case UInt8(ascii: "\\") where pattern.count > 1:
      return text.first == pattern.dropFirst().first
        && matches(pattern.dropFirst(2), text.dropFirst())
    default:
      return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
    }
  }

  /// Reads `[a-z]` or `[!a-z]`; `nil` where the bracket is not closed.
  private static func bracket(
    _ pattern: ArraySlice<UInt8>, _ byte: UInt8?
  ) -> (isMember: Bool, rest: ArraySlice<UInt8>)? {
    var rest = pattern.dropFirst()
    let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if isNegated { rest = rest.dropFirst() }
    guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
    var isMember = false
    var set = rest[..<end]
    while let low = set.popFirst() {
      if set.count >= 2, set.first == UInt8(ascii: "-"), let high = set.dropFirst().first {
        set = set.dropFirst(2)
        if let byte, low <= high, (low...high).contains(byte) { isMember = true }
      } else if byte == low {
        isMember = true
      }
    }
    return (byte != nil && isMember != isNegated, rest[(end + 1)...])
  }
}
