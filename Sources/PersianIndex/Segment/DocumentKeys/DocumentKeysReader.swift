// SPDX-License-Identifier: Apache-2.0

/// Gives the key of a document and the document of a key.
///
/// A value without state: many threads can read at once.
package struct DocumentKeysReader: @unchecked Sendable {
  // Sendable: the bytes are constant and their owner is held.
  private enum Store {
    case texts(TextKeys)
    case numbers(NumberKeys)
  }

  private let file: SegmentFile
  private let store: Store
  /// `nil` where keys ascend.
  private let index: KeyHashIndex?
  /// The number of documents.
  package let documentCount: Int

  /// Checks the lengths of both sections.
  ///
  /// - Complexity: O(1); O(*n* / 1,024) where the keys are numbers.
  package init(_ file: SegmentFile) throws(IndexError) {
    self.file = file
    var keys = try file.reader(.documentKeys)
    documentCount = Int(try keys.readUInt32())
    let form = DocumentKeysFormat.Form(rawValue: try keys.readUInt8())
    let order = try keys.readUInt8()
    let offsetWidth = Int(try keys.readUInt8())
    guard try keys.readUInt8() == 0, order <= 1 else {
      throw keys.corrupt("document keys: the header is impossible")
    }
    switch form {
    case .texts:
      store = .texts(
        try TextKeys(&keys, of: file, count: documentCount, offsetWidth: offsetWidth))
    case .numbers:
      store = .numbers(try NumberKeys(&keys, count: documentCount))
    case nil:
      throw keys.corrupt("document keys: they have an unknown form")
    }
    index = order == 1 ? nil : try KeyHashIndex(file, count: documentCount)
  }

  /// Returns the key of a document.
  ///
  /// - Throws: `corrupt` where the key's place is impossible.
  package func key(of document: UInt32) throws(IndexError) -> [UInt8] {
    precondition(document < documentCount, "a document beyond the segment's last")
    // The parts are pointers, which do not keep the file.
    defer { withExtendedLifetime(file) {} }
    switch store {
    case .texts(let texts): return try texts.parts(of: document).bytes
    case .numbers(let numbers): return NumberKeys.key(numbers[Int(document)])
    }
  }

  /// Returns the last document that has a key; `nil` where none has.
  ///
  /// - Throws: `corrupt` where the table leads to an impossible place.
  /// - Complexity: O(1) expected; O(log *n*) where keys ascend.
  package func document(forKey key: UnsafeRawBufferPointer) throws(IndexError) -> UInt32? {
    defer { withExtendedLifetime(file) {} }
    switch store {
    case .texts(let texts):
      guard let index else { return try texts.document(of: key) }
      return try index.document(ofHash: DocumentKeysFormat.hash(key)) {
        (document) throws(IndexError) in
        try texts.parts(of: document).compared(to: key) == 0
      }
    case .numbers(let numbers):
      guard let number = NumberKeys.number(key) else { return nil }
      guard let index else { return numbers.document(of: number) }
      return try index.document(ofHash: DocumentKeysFormat.hash(key)) {
        numbers[Int($0)] == number
      }
    }
  }

  /// Checks that every key can be read and found.
  package func verify() throws(IndexError) {
    var last: [UInt8] = []
    for document in 0..<UInt32(documentCount) {
      let key = try self.key(of: document)
      let found = try key.withUnsafeBufferPointer { (bytes) throws(IndexError) in
        try self.document(forKey: UnsafeRawBufferPointer(bytes))
      }
      guard let found, found >= document else {
        throw file.corrupt("document \(document) is not found by its key", .documentKeys)
      }
      guard index != nil || document == 0 || ascends(last, key) else {
        throw file.corrupt("the key of document \(document) does not ascend", .documentKeys)
      }
      last = key
    }
  }

  private func ascends(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    // Of numbers without leading zeros the longer is the greater.
    if case .numbers = store, left.count != right.count { return left.count < right.count }
    return left.lexicographicallyPrecedes(right)
  }
}
