// SPDX-License-Identifier: Apache-2.0

/// Writes the keys of a segment's documents and, where they do not ascend, the table that finds a
/// document by its key.
package struct DocumentKeysWriter {
  // All keys, as long as each is a number; after that they are in `texts`.
  private var numbers: [UInt64] = []
  private var texts = TextKeysBuilder()
  private var isNumeric = true
  private var ascends = true
  private var hashes: [UInt64] = []
  private var last: [UInt8] = []

  package init() {}

  /// The bytes of memory that keys appended so far take.
  package var memoryInBytes: Int {
    texts.memoryInBytes + (numbers.count + hashes.count) * 8
  }

  /// Appends the key of the next document.
  package mutating func append(_ key: UnsafeRawBufferPointer) {
    precondition(key.count <= DocumentKeysFormat.longestKey, "a key longer than 1 MiB")
    if isNumeric {
      if let number = NumberKeys.number(key) {
        numbers.append(number)
        return
      }
      let before = numbers
      numbers = []
      isNumeric = false
      for number in before { NumberKeys.key(number).withUnsafeBytes { appendText($0) } }
    }
    appendText(key)
  }

  private mutating func appendText(_ key: UnsafeRawBufferPointer) {
    if ascends {
      ascends = hashes.isEmpty || last.lexicographicallyPrecedes(key)
      last.removeAll(keepingCapacity: true)
      last.append(contentsOf: key)
    }
    hashes.append(DocumentKeysFormat.hash(key))
    texts.append(key)
  }

  /// Writes both sections.
  package mutating func finish(to file: SegmentFileWriter) throws(IndexError) {
    try file.beginSection(.documentKeys)
    if isNumeric {
      try writeNumbers(to: file)
    } else {
      try writeTexts(to: file)
    }
    try file.endSection()
    if !ascends { try file.writeSection(.documentKeyIndex, KeyHashIndex.encode(hashes)) }
  }

  private mutating func writeNumbers(to file: SegmentFileWriter) throws(IndexError) {
    ascends = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    if !ascends {
      hashes = numbers.map { NumberKeys.key($0).withUnsafeBytes(DocumentKeysFormat.hash) }
    }
    var bytes = header(.numbers, count: numbers.count, offsetWidth: 0)
    NumberKeys.append(numbers, to: &bytes)
    try file.write(bytes.bytes)
  }

  private mutating func writeTexts(to file: SegmentFileWriter) throws(IndexError) {
    texts.closeGroup()
    let width = PackedIntegers.width(for: UInt64(texts.groups.count))
    var bytes = header(.texts, count: hashes.count, offsetWidth: width)
    PackedIntegers.append(texts.groupOffsets, width: width, to: &bytes)
    bytes.append(UInt64(0))
    try file.write(bytes.bytes)
    try file.write(texts.groups.bytes)
  }

  private func header(
    _ form: DocumentKeysFormat.Form, count: Int, offsetWidth: Int
  ) -> ByteWriter {
    var header = ByteWriter()
    header.append(UInt32(count))
    header.append(form.rawValue)
    header.append(UInt8(ascends ? 1 : 0))
    header.append(UInt8(offsetWidth))
    header.append(UInt8(0))
    return header
  }
}
