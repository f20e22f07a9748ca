// SPDX-License-Identifier: Apache-2.0

/// The keys that the tokens of a text add to the field of its written forms, as
/// ``WrittenFormKeys`` says.
struct WrittenFormBuffer {
  /// Where the form of each token stands that is not written as its term, in the tokens' bytes.
  private(set) var forms: [TermMap.KeyRange] = []
  /// Where the terms of the same tokens stand in ``bytes``, behind a mark each.
  private(set) var terms: [TermMap.KeyRange] = []
  private(set) var bytes: [UInt8] = []

  /// Takes the tokens that are not written as their terms in place of those taken before.
  mutating func collect(
    _ tokens: UnsafeBufferPointer<TokenBuffer.Token>, bytes source: UnsafePointer<UInt8>
  ) {
    forms.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    for token in tokens where token.formLength > 0 {
      let term = UnsafeBufferPointer(
        start: source + Int(token.termStart), count: Int(token.termLength))
      let form = UnsafeBufferPointer(
        start: source + Int(token.formStart), count: Int(token.formLength))
      if form[0] == WrittenFormKeys.mark || Self.isEqual(form, term) { continue }
      forms.append(.init(start: Int(token.formStart), length: form.count))
      terms.append(.init(start: bytes.count, length: term.count + 1))
      bytes.append(WrittenFormKeys.mark)
      bytes.append(contentsOf: term)
    }
    if !terms.isEmpty { bytes.append(contentsOf: repeatElement(0, count: TermHash.padding)) }
  }

  @inline(__always)
  private static func isEqual(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard left.count == right.count, let ours = left.baseAddress, let theirs = right.baseAddress
    else { return false }
    let count = left.count
    let a = TermHash.paddedEnds(of: ours, count: count)
    let b = TermHash.paddedEnds(of: theirs, count: count)
    guard a.first == b.first, a.last == b.last else { return false }
    return count <= 16 || left.elementsEqual(right)
  }
}
