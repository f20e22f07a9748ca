// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Reads the documents of a file.
struct DocumentReader {
  let decoder: TextDecoder
  let map: FieldMap

  /// The largest file that is one document.
  static let textLimit = 1 << 26
  /// The longest line of a file of records.
  static let lineLimit = 1 << 28
  /// How many bad lines of one file are told one by one.
  static let toldFailures = 10

  /// What came of a file that was one document.
  struct Whole {
    let document: SourceDocument
    /// A checksum of the file's bytes.
    let checksum: UInt64
  }

  /// Reads a file that is one document.
  func whole(_ file: FileWalker.File, format: FileFormat) throws -> Whole {
    let bytes = try content(of: file, format: format)
    return Whole(
      document: try document(from: bytes, content: format.content, path: file.path),
      checksum: Checksum.of(bytes))
  }

  /// Reads the whole of a file, unpacked.
  func content(of file: FileWalker.File, format: FileFormat) throws -> [UInt8] {
    let stream = try InputStream(
      file.location, unpacking: format.decompressor, convertingFrom: nil)
    let bytes: [UInt8]
    do {
      bytes = try stream.descriptor.readToEnd(
        expected: Int(file.information.sizeInBytes), limit: Self.textLimit)
    } catch {
      try? stream.finish(readToEnd: false)
      throw error
    }
    guard bytes.count <= Self.textLimit else {
      try? stream.finish(readToEnd: false)
      throw Failure(
        "larger than \(Self.textLimit >> 20) MiB, the most for one document",
        hint: "split it, or give its parts as JSON Lines")
    }
    try stream.finish()
    return bytes
  }

  /// Makes a document of the bytes of a text or a page.
  func document(
    from bytes: [UInt8], content: FileFormat.Content, path: String
  ) throws -> SourceDocument {
    guard !bytes.isEmpty else {
      throw Failure("is empty", hint: "there is nothing to index; leave it out")
    }
    if content == .html {
      let page = HTMLDocument(
        try decoder.decode(bytes, declared: HTMLDocument.declaredEncoding(of: bytes)))
      return SourceDocument(
        key: path, title: page.title.isEmpty ? SourceDocument.title(ofText: page.text) : page.title,
        text: page.text, published: page.published, path: path)
    }
    let text = try decoder.decode(bytes)
    return SourceDocument(
      key: path, title: SourceDocument.title(ofText: text), text: text, published: nil, path: path)
  }

  /// How far the reading of a file is when a document of it was read.
  struct Place {
    /// Where the next line begins.
    let position: ReadingPosition
    /// How many bytes of the file were read, packed as they are; `nil` where that is not known.
    let bytesRead: Int64?
  }

  /// Reads the documents of a file that holds many.
  ///
  /// - Parameters:
  ///   - location: Where the file is; `-` is standard input.
  ///   - path: Its name in the index; `nil` for standard input.
  ///   - format: What it holds.
  ///   - start: Where an earlier reading of the same file ended; `nil` for its beginning.
  ///   - body: Receives each document, and how far the reading is.
  ///   - report: Receives what is wrong with a line; reading goes on after it.
  /// - Returns: How many lines were bad.
  /// - Throws: What `body` throws, or what made the file unreadable.
  func each(
    at location: String, path: String?, format: FileFormat, from start: ReadingPosition?,
    _ body: (SourceDocument, Place) throws -> Void, report: (Failure) -> Void
  ) throws -> Int {
    let stream = try InputStream(
      location, unpacking: format.decompressor,
      convertingFrom: try encodingToConvert(location, format))
    var failures = 0
    func tell(_ failure: Failure) {
      failures += 1
      if failures <= Self.toldFailures { report(failure) }
    }
    do {
      let body = { (document: SourceDocument, position: ReadingPosition) in
        do {
          try body(document, Place(position: position, bytesRead: stream.position))
        } catch let error as IndexError where error.code == .invalidDocument {
          // One record that the index cannot take is no reason to lose those behind it.
          let unit = format.content == .arrow ? "row" : "line"
          tell(Failure("\(unit) \(position.lineNumber): \(Sanitizer.visible(error.message))"))
        }
      }
      switch format.content {
      case .arrow: try readArrow(stream.descriptor, from: start, path, body, tell)
      case .jsonLines: try readJSON(stream.descriptor, from: start, path, body, tell)
      case .commaSeparated: try readTable(stream.descriptor, from: start, path, ",", body, tell)
      default: try readTable(stream.descriptor, from: start, path, "\t", body, tell)
      }
    } catch {
      try? stream.finish(readToEnd: false)
      throw error
    }
    try stream.finish()
    if failures > Self.toldFailures {
      let units = format.content == .arrow ? "rows" : "lines"
      report(Failure("\(failures - Self.toldFailures) more bad \(units)"))
    }
    return failures
  }

  private func readJSON(
    _ descriptor: Descriptor, from start: ReadingPosition?, _ path: String?,
    _ body: (SourceDocument, ReadingPosition) throws -> Void, _ report: (Failure) -> Void
  ) throws {
    var reader = LineReader(descriptor, limit: Self.lineLimit)
    if let start { try reader.skip(to: start) }
    while let result = try reader.nextLine({
      line -> Result<[JSONValue.Member]?, JSONParser.Malformed> in
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return .success(nil) }
      return Result { () throws(JSONParser.Malformed) in
        try JSONParser.object(in: Self.withoutMark(line), replacesHalfCharacters: true)
      }
    }) {
      try Signals.check()
      switch result {
      case .failure(let error):
        report(Failure("line \(reader.lineNumber): \(error.reason) at byte \(error.offset)"))
      case .success(nil): continue
      case .success(.some(let members)):
        guard let document = document(from: members, path: path, line: reader.lineNumber) else {
          let names = map.textNames.joined(separator: ", ")
          report(
            Failure(
              "line \(reader.lineNumber): no text (member \(names)); name it with --map text=NAME"))
          continue
        }
        try body(document, reader.position)
      }
    }
  }

  private func readTable(
    _ descriptor: Descriptor, from start: ReadingPosition?, _ path: String?,
    _ separator: Unicode.Scalar, _ body: (SourceDocument, ReadingPosition) throws -> Void,
    _ report: (Failure) -> Void
  ) throws {
    var reader = LineReader(descriptor, limit: Self.lineLimit)
    var header: [String]?
    while true {
      try Signals.check()
      var record = DelimitedRecord()
      var isUTF8 = true
      let first = reader.lineNumber + 1
      repeat {
        guard
          let isGood = try reader.nextLine({
            record.append(Self.withoutMark($0), separator: UInt8(ascii: separator))
          })
        else {
          if record.isOpen { report(Failure("line \(first): a quoted field does not end")) }
          return
        }
        isUTF8 = isUTF8 && isGood
      } while record.isOpen
      guard isUTF8 else {
        report(Failure("line \(first): invalid UTF-8"))
        continue
      }
      if record.fields == [""] { continue }
      guard let names = header else {
        header = record.fields
        if let start { try reader.skip(to: start) }
        continue
      }
      guard record.fields.count <= names.count else {
        report(
          Failure("line \(first): \(record.fields.count) fields, but \(names.count) in the header"))
        continue
      }
      let members = zip(names, record.fields).filter { !$0.1.isEmpty }.map {
        JSONValue.Member(name: $0.0, value: .string($0.1))
      }
      guard let document = document(from: members, path: path, line: first) else {
        let wanted = map.textNames.joined(separator: ", ")
        report(Failure("line \(first): no text (column \(wanted)); name it with --map text=NAME"))
        continue
      }
      try body(document, reader.position)
    }
  }

  /// Makes a document of a record; `nil` where it has neither text nor title.
  func document(
    from members: [JSONValue.Member], path: String?, line: Int
  ) -> SourceDocument? {
    let text = map.value(of: .text, in: members)?.text
    let title = map.value(of: .title, in: members)?.text
    guard text != nil || title != nil else { return nil }
    let key = map.value(of: .key, in: members)?.text
    return SourceDocument(
      key: key ?? "\(path ?? "-")#\(line)", title: title, text: text ?? "",
      published: map.value(of: .published, in: members)?.text.flatMap(DateText.timestamp),
      path: path, members: members)
  }

  private static func withoutMark(
    _ line: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    line.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: line[3...]) : line
  }

  /// The encoding that a file of many documents has to be converted from; `nil` for UTF-8.
  private func encodingToConvert(_ location: String, _ format: FileFormat) throws -> String? {
    guard format.content != .arrow else { return nil }
    switch decoder.encoding {
    case .utf8: return nil
    case .utf16: return "UTF-16"
    case .windows1256: return "WINDOWS-1256"
    case .automatic: break
    }
    // Standard input and pipes can be read only once, so nothing is tried on them.
    guard location != "-", try FileInformation(at: location).kind == .file else { return nil }
    let stream = try InputStream(location, unpacking: format.decompressor, convertingFrom: nil)
    let head = try? stream.descriptor.readToEnd(limit: 1 << 16)
    try? stream.finish(readToEnd: false)
    return TextDecoder.encodingOfTable(head: head ?? [])
  }
}
