// SPDX-License-Identifier: Apache-2.0

/// What the index knows of the files it was made from: how a second run tells what changed.
///
/// It is stored with each commit of the index, so that it always speaks of the same documents. Its
/// bytes are a version (1), the number of files, and per file in the order of the paths: how many
/// bytes its path shares with the one before, the rest of the path, the size, the time of change,
/// the checksum and the number of documents; numbers are LEB128 but for the checksum (8 bytes,
/// little-endian). Behind them are the files that were committed in part: how many, and for each its
/// place in that order and the bytes and lines that were read.
struct FileTable: Sendable, Equatable {
  /// What is remembered of one file.
  struct Entry: Sendable, Equatable {
    var sizeInBytes: Int64
    /// In nanoseconds since 1970; 0 where the file changed so shortly before it was read that its
    /// time proves nothing.
    var modified: Int64
    /// The checksum of the content; 0 where none was taken.
    var checksum: UInt64
    var documentCount: Int
    /// Where reading goes on, for a file of records that a commit found half read.
    var rest: ReadingPosition?
  }

  var entries: [String: Entry] = [:]

  init() {}

  private static let version: UInt8 = 1

  /// The table as bytes.
  var encoded: [UInt8] {
    var bytes = [Self.version]
    Self.append(UInt64(entries.count), to: &bytes)
    var previous: [UInt8] = []
    var unfinished: [(number: Int, rest: ReadingPosition)] = []
    var number = 0
    for (path, entry) in entries.map({ (Array($0.key.utf8), $0.value) })
      .sorted(by: { $0.0.lexicographicallyPrecedes($1.0) })
    {
      if let rest = entry.rest { unfinished.append((number, rest)) }
      number += 1
      let shared = zip(previous, path).prefix { $0 == $1 }.count
      Self.append(UInt64(shared), to: &bytes)
      Self.append(UInt64(path.count - shared), to: &bytes)
      bytes += path[shared...]
      Self.append(UInt64(bitPattern: entry.sizeInBytes), to: &bytes)
      Self.append(UInt64(bitPattern: entry.modified), to: &bytes)
      withUnsafeBytes(of: entry.checksum.littleEndian) { bytes += $0 }
      Self.append(UInt64(entry.documentCount), to: &bytes)
      previous = path
    }
    Self.append(UInt64(unfinished.count), to: &bytes)
    for (number, rest) in unfinished {
      for value in [UInt64(number), UInt64(rest.offset), UInt64(rest.lineNumber)] {
        Self.append(value, to: &bytes)
      }
    }
    return bytes
  }

  /// Reads a table; `nil` where the bytes are none, as in an index that another program made.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    guard rest.popFirst() == Self.version, let count = Self.number(&rest) else { return nil }
    var path: [UInt8] = []
    var paths: [String] = []
    for _ in 0..<count {
      guard let shared = Self.number(&rest), shared <= path.count,
        let length = Self.number(&rest), length <= rest.count
      else { return nil }
      path = Array(path[..<Int(shared)] + rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
      guard let size = Self.number(&rest), let modified = Self.number(&rest), rest.count >= 8
      else { return nil }
      let checksum = rest.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
      rest = rest.dropFirst(8)
      guard let documents = Self.number(&rest), let documentCount = Int(exactly: documents) else {
        return nil
      }
      paths.append(String(decoding: path, as: UTF8.self))
      entries[paths[paths.count - 1]] = Entry(
        sizeInBytes: Int64(bitPattern: size), modified: Int64(bitPattern: modified),
        checksum: checksum, documentCount: documentCount)
    }
    guard let count = Self.number(&rest) else { return nil }
    for _ in 0..<count {
      guard let number = Self.number(&rest), number < paths.count,
        let offset = Self.number(&rest).flatMap(Int64.init(exactly:)),
        let lineNumber = Self.number(&rest).flatMap(Int.init(exactly:))
      else { return nil }
      entries[paths[Int(number)]]?.rest = ReadingPosition(offset: offset, lineNumber: lineNumber)
    }
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var number = number
    while number >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
      number >>= 7
    }
    bytes.append(UInt8(number))
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }
}
