// SPDX-License-Identifier: Apache-2.0

import Testing

/// Tables in Arrow's format, as streams and as files.
struct ArrowTests {
  static let fields = [
    "i8:integer", "i16:integer", "i32:integer", "i64:integer", "u8:integer", "u16:integer",
    "u32:integer", "u64:integer", "largest:keyword", "f32:number", "f64:number", "spelt:keyword",
    "flag:keyword", "nothing:keyword", "d32:date", "d64:date", "s:date", "ms:date", "us:date",
    "ns:date", "zoned:date", "moment:keyword", "day:keyword",
  ]
  static let maps = ["largest=u64", "spelt=f64", "moment=us", "day=d32", "published=ms"]

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @discardableResult
  private func index(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["index"] + arguments, in: folder)
  }

  /// The documents of a file in an index of its own, as lines of JSON.
  private func documents(_ name: String, _ bytes: [UInt8], _ arguments: [String] = []) throws
    -> [String]
  {
    let folder = try TemporaryFolder()
    try folder.write(name, bytes: bytes)
    let result = try Tool.run(["index", name] + arguments, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    // The path is also the key of what has none.
    return try Tool.run(["export"], in: folder).lines.sorted().map {
      $0.split(separator: name, omittingEmptySubsequences: false).joined(separator: "FILE")
    }
  }

  // MARK: What is read

  @Test func `a stream and a file give the documents that JSON Lines give`() throws {
    let arguments = Self.fields.flatMap { ["--field", $0] } + Self.maps.flatMap { ["--map", $0] }
    let expected = try documents(
      "rows.jsonl", Array(ArrowFixtures.everythingAsJSON.utf8), arguments)
    #expect(expected.count == 6)
    // Enough to see that the fields are there at all.
    for part in [
      #""largest":"18446744073709551615""#, #""i64":-9223372036854775808"#,
      #""moment":"1969-12-31T23:59:59.999999Z""#, #""day":"2020-11-18""#, #""f32":0.1"#,
    ] {
      #expect(expected.contains { $0.contains(part) }, "\(part)")
    }
    #expect(try documents("rows.arrow", ArrowFixtures.everything, arguments) == expected)
    #expect(try documents("rows.arrows", ArrowFixtures.everything, arguments) == expected)
    #expect(try documents("rows.feather", ArrowFixtures.everythingAsFile, arguments) == expected)
  }

  @Test func `times that PyArrow wrote are the instants they were`() throws {
    try folder.write("rows.arrow", bytes: ArrowFixtures.everything)
    try index(
      "rows.arrow", "--field", "us:date", "--field", "d32:date", "--field", "ns:date", "--field",
      "s:date")
    let lines = try Tool.run(["export"], in: folder).lines
    func line(_ key: String, has parts: String...) throws {
      let line = try #require(lines.first { $0.contains("\"id\":\"\(key)\"") })
      for part in parts { #expect(line.contains(part)) }
      #expect(line.split(separator: #"Z""#).count - 1 == parts.count)
    }
    try line(
      "آ/1", has: #""s":"2020-11-18T10:35:00Z""#, #""us":"2020-11-18T10:35:00Z""#,
      #""ns":"2020-11-18T10:35:00Z""#, #""d32":"2020-11-18T00:00:00Z""#)
    try line(
      "b", has: #""s":"1969-12-31T23:59:59Z""#, #""us":"1969-12-31T23:59:59Z""#,
      #""ns":"1969-12-31T23:59:59Z""#, #""d32":"1969-12-31T00:00:00Z""#)
    try line(
      "rows.arrow#3", has: #""s":"1699-12-31T23:59:59Z""#, #""us":"1699-12-31T23:59:59Z""#,
      #""ns":"1677-09-21T00:12:43Z""#, #""d32":"1699-11-22T00:00:00Z""#)
    // The others are missing or beyond the years that can be written.
    try line(#"d\t4"#, has: #""ns":"2262-04-11T23:47:16Z""#)
    try line("ز", has: #""ns":"1970-01-01T00:00:00Z""#, #""d32":"1970-01-01T00:00:00Z""#)
  }

  /// Indexes standard input, which is no text.
  private func indexInput(_ bytes: [UInt8]) throws -> (status: Int32?, errors: String) {
    try folder.write("rows.bin", bytes: bytes)
    let process = try Tool.start(
      ["index", "--type", "arrow", "-"], in: folder.path,
      input: Tool.reading(folder.path + "/rows.bin"),
      output: Tool.writing(folder.path + "/output"), errors: Tool.writing(folder.path + "/errors"))
    return (Tool.wait(for: process).status, try folder.read("errors"))
  }

  @Test func `standard input is read as Arrow where that is said`() throws {
    #expect(try indexInput(ArrowFixtures.small).status == 0)
    #expect(
      try Tool.run(["export"], in: folder).lines.sorted() == [
        #"{"id":"-#1","text":"متن یک"}"#, #"{"id":"-#2","text":"متن دو"}"#,
        #"{"id":"-#3","text":"متن سه"}"#,
      ])
  }

  @Test func `standard input that is cut off is told, and what came before is kept`() throws {
    let (status, errors) = try indexInput(
      Array(ArrowFixtures.small[..<ArrowFixtures.smallEnds[1]]) + [0xFF])
    #expect(status == 2)
    #expect(
      errors == """
        searchctl: standard input: ends in the middle of a message of Arrow
        0 added, 0 updated, 0 removed, 0 unchanged, 1 failed; 1 document in .searchctl

        """)
  }

  @Test func `tables are found in a folder by their names, also packed`() throws {
    try folder.write("d/a.arrow", bytes: ArrowFixtures.small)
    try folder.write("d/b.arrows", bytes: ArrowFixtures.small)
    try folder.write("d/c.feather", bytes: ArrowFixtures.smallAsFile)
    try folder.write("d/news.arrow", bytes: ArrowFixtures.smallAsFile)
    try folder.pack("d/news.arrow", with: "gzip")
    #expect(
      try index("d").errors
        == "4 added, 0 updated, 0 removed, 0 unchanged; 12 documents in .searchctl\n")
    #expect(
      try Tool.run(["export"], in: folder).lines.contains(
        #"{"id":"d/news.arrow.gz#3","text":"متن سه","path":"d/news.arrow.gz"}"#))
  }

  @Test func `a second run reads what changed and removes what is gone`() throws {
    try folder.write("d/a.arrow", bytes: ArrowFixtures.small)
    try folder.write("d/b.arrow", bytes: ArrowFixtures.small)
    try index("d")
    try folder.write("d/b.arrow", bytes: ArrowFixtures.long(batches: 2))
    folder.setAge(ofFile: "d/a.arrow", seconds: 3600)
    #expect(
      try index("d").errors
        == "0 added, 2 updated, 0 removed, 0 unchanged; 67 documents in .searchctl\n")
    folder.setAge(ofFile: "d/b.arrow", seconds: 3600)
    try index("d")
    #expect(
      try index("d").errors
        == "0 added, 0 updated, 0 removed, 2 unchanged; 67 documents in .searchctl\n")
    folder.remove("d/b.arrow")
    #expect(
      try index("d").errors
        == "0 added, 0 updated, 1 removed, 1 unchanged; 3 documents in .searchctl\n")
  }

  @Test(arguments: [
    ArrowFixtures.smallOfVersion4, ArrowFixtures.smallWithBareSchema,
    // Whoever writes to a pipe may just close it.
    Array(ArrowFixtures.small.dropLast(ArrowFixtures.end.count)),
    // Nanoarrow does not always count what is missing.
    ArrowFixtures.replacing([2, 0], by: [2, -1], in: ArrowFixtures.small),
    ArrowFixtures.replacing([2, 1], by: [2, -1], in: ArrowFixtures.small),
  ])
  func `what other writers do is understood`(bytes: [UInt8]) throws {
    #expect(
      try documents("a.arrow", bytes, ["--field", "n:integer"]) == [
        #"{"id":"FILE#1","text":"متن یک","n":5,"path":"FILE"}"#,
        #"{"id":"FILE#2","text":"متن دو","path":"FILE"}"#,
        #"{"id":"FILE#3","text":"متن سه","n":7,"path":"FILE"}"#,
      ])
  }

  @Test func `tables without rows are no documents and no failure`() throws {
    try folder.write("a.arrow", bytes: ArrowFixtures.withoutAnything)
    try folder.write("b.arrow", bytes: ArrowFixtures.longSchema + ArrowFixtures.end)
    try folder.write("c.arrow", bytes: ArrowFixtures.longSchema)
    let result = try index(".")
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("3 added, 0 updated, 0 removed, 0 unchanged; 0 documents"))
  }

  // MARK: What is not

  @Test func `bad rows are told by number and column, and the others are indexed`() throws {
    try folder.write("a.arrow", bytes: ArrowFixtures.bad)
    let result = try index("a.arrow", "--map", "text=text")
    #expect(result.status == 2)
    #expect(
      result.errors == """
        searchctl: a.arrow: row 2: no text (column text); name it with --map text=NAME
        searchctl: a.arrow: row 3: invalid UTF-8 in column 'text'
        searchctl: a.arrow: row 4: invalid UTF-8 in column 'note'
        1 added, 0 updated, 0 removed, 0 unchanged, 1 failed; 2 documents in .searchctl

        """)
    #expect(
      try Tool.run(["export"], in: folder).lines.sorted() == [
        #"{"id":"a.arrow#1","text":"سطر","path":"a.arrow"}"#,
        #"{"id":"a.arrow#5","text":"پنج","path":"a.arrow"}"#,
      ])
    try folder.write("long.arrow", bytes: ArrowFixtures.long(batches: 1))
    let lines = try index("long.arrow", "--map", "text=other").errors.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(lines.dropLast().last == "searchctl: long.arrow: 22 more bad rows")
  }

  @Test(arguments: [
    (ArrowFixtures.packedByLZ4, "batches are compressed, which is not read"),
    (ArrowFixtures.packedByZstandard, "batches are compressed, which is not read"),
    (ArrowFixtures.dictionary, "column 'text' is of Arrow's type dictionary, which is not read"),
    (ArrowFixtures.list, "column 'text' is of Arrow's type list, which is not read"),
    (ArrowFixtures.textView, "column 'text' is of Arrow's type string_view, which is not read"),
    (ArrowFixtures.binary, "column 'text' is of Arrow's type binary, which is not read"),
    (ArrowFixtures.decimal, "column 'price' is of Arrow's type decimal, which is not read"),
    (ArrowFixtures.halfFloat, "column 'half' is of Arrow's type halffloat, which is not read"),
    (ArrowFixtures.time, "column 'hour' is of Arrow's type time, which is not read"),
    (ArrowFixtures.duration, "column 'span' is of Arrow's type duration, which is not read"),
    (ArrowFixtures.structure, "column 'pair' is of Arrow's type struct, which is not read"),
    (
      ArrowFixtures.bigEndian,
      "has the bytes of numbers in the order of another kind of machine (big-endian)"
    ),
    (ArrowFixtures.future, "is of version 6 of Arrow's format; 4 and 5 are read"),
    (ArrowFixtures.oneName, "is no sound stream of Arrow at byte 0"),
    (ArrowFixtures.featherOfVersion1, "is no stream of Arrow"),
    (ArrowFixtures.smallOfVersion014, "is no stream of Arrow"),
    (ArrowFixtures.withoutColumns, "has rows, but no column with values"),
    (ArrowFixtures.withoutValues, "has rows, but no column with values"),
    ([], "is no stream of Arrow: it is empty"),
    (Array("{\"text\":\"متن\"}\n".utf8), "is no stream of Arrow"),
    (Array("ARROW1\0\0".utf8), "is no stream of Arrow: it is empty"),
    (Array("ARROW2\0\0".utf8), "is no stream of Arrow"),
    (Array("ARROW1\0\0{}{}{}".utf8), "ends in the middle of a message of Arrow"),
    (
      Array("ARROW1\0\0".utf8) + Array(repeating: 0x20, count: 1 << 21),
      "is no sound stream of Arrow at byte 1048584"
    ),
    ([0xFF, 0xFF, 0xFF, 0xFF], "ends in the middle of a message of Arrow"),
  ])
  func `what is not read is refused in one line`(bytes: [UInt8], message: String) throws {
    try folder.write("d/a.arrow", bytes: bytes)
    try folder.write("d/good.arrow", bytes: ArrowFixtures.small)
    let result = try index("d")
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("searchctl: d/a.arrow: \(message)\n"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("searchctl") }.count == 1)
    #expect(result.errors.hasSuffix("; 3 documents in .searchctl\n"))
    if bytes == ArrowFixtures.packedByLZ4 {
      #expect(result.errors.contains("\n  write them with compression='uncompressed' (Feather)"))
    }
  }

  @Test func `buffers that share bytes are refused`() throws {
    // The bytes of the second batch's texts, which become all that the batch has.
    let bytes = ArrowFixtures.replacing([16, 22], by: [0, 56], in: ArrowFixtures.small)
    #expect(bytes != ArrowFixtures.small)
    try folder.write("a.arrow", bytes: bytes)
    let result = try index("a.arrow")
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("searchctl: a.arrow: is no sound stream of Arrow at byte 440"))
  }

  @Test func `what stands behind a stream is not passed over in silence`() throws {
    try folder.write("twice.arrows", bytes: ArrowFixtures.small + ArrowFixtures.small)
    let twice = try index("twice.arrows")
    #expect(twice.status == 2)
    #expect(
      twice.errors.hasPrefix("searchctl: twice.arrows: goes on at byte 712, where the stream"))
    try folder.write(
      "cut.feather", bytes: Array(ArrowFixtures.smallAsFile.dropLast(10)))
    let cut = try index("cut.feather")
    #expect(cut.status == 2)
    #expect(cut.errors.hasPrefix("searchctl: cut.feather: has no directory of Arrow at byte 720"))
    // What was read before is kept, as it is of other files of records.
    #expect(try Tool.run(["count", "متن"], in: folder).output == "6\n")
  }

  // MARK: Damage

  /// Indexes a folder of files and returns how many documents each gave.
  ///
  /// A file gives all its three documents, or the run says that it is bad.
  private func expectNoSilence(
    _ files: [[UInt8]], except ends: [Int] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Int] {
    let folder = try TemporaryFolder()
    for (number, bytes) in files.enumerated() {
      try folder.write("d/\(number).arrow", bytes: bytes)
    }
    let result = try Tool.run(["index", "d"], in: folder)
    #expect(result.status == 2, sourceLocation: sourceLocation)
    let told = Set(
      result.errors.split(separator: "\n").compactMap { number(in: $0, after: "searchctl: d/") })
    var counts = files.map { _ in 0 }
    for line in try Tool.run(["export"], in: folder).lines {
      counts[try #require(number(in: line, after: #"{"id":"d/"#))] += 1
    }
    let silent = counts.indices.filter {
      counts[$0] != 3 && !told.contains($0) && !ends.contains($0)
    }
    #expect(silent == [], sourceLocation: sourceLocation)
    #expect(counts.allSatisfy { $0 <= 3 }, sourceLocation: sourceLocation)
    return counts
  }

  private func number(in line: some StringProtocol, after mark: String) -> Int? {
    guard line.hasPrefix(mark) else { return nil }
    return Int(line.dropFirst(mark.count).prefix { $0 != "." })
  }

  @Test func `a table that is cut off gives the batches that are whole`() throws {
    let ends = ArrowFixtures.smallEnds
    func expected(_ length: Int) -> Int { length < ends[1] ? 0 : length < ends[2] ? 1 : 3 }
    let stream = ArrowFixtures.small
    let streams = try expectNoSilence(stream.indices.map { Array(stream[..<$0]) }, except: ends)
    #expect(streams == stream.indices.map(expected))
    let file = ArrowFixtures.smallAsFile
    let files = try expectNoSilence(file.indices.map { Array(file[..<$0]) })
    #expect(files == file.indices.map { expected($0 - 8) })
  }

  @Test(arguments: [false, true], [nil, 0x01, 0x80, 0xFF] as [UInt8?])
  func `no change of a byte ends the run or loses rows in silence`(
    isFile: Bool, bits: UInt8?
  ) throws {
    let bytes = isFile ? ArrowFixtures.smallAsFile : ArrowFixtures.small
    _ = try expectNoSilence(
      bytes.indices.map { place in
        var changed = bytes
        // A length that becomes zero looks like the end.
        changed[place] = bits.map { bytes[place] ^ $0 } ?? 0
        return changed
      })
  }
}
