// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct CIFFTests {
  private let schema = Schema(.text("text"))

  private func index(_ texts: [(DocumentKey, String)]) throws -> SearchIndex {
    let index = try SearchIndex.inMemory(schema: schema, analyzer: WhitespaceAnalyzer())
    try index.write { writer in
      for (key, text) in texts { try writer.add(Document(key: key, ["text": .text(text)])) }
    }
    return index
  }

  private func exported(_ index: SearchIndex, isPlain: Bool = false) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try index.searcher().exportCIFF(of: "text", description: "t", isPlain: isPlain) { bytes += $0 }
    return bytes
  }

  private func imported(
    _ bytes: [UInt8], analyzer: some Analyzer = WhitespaceAnalyzer()
  ) throws -> SearchIndex {
    let folder = try TemporaryDirectory()
    try folder.directory.write("file.ciff", bytes)
    let index = try SearchIndex.inMemory(schema: schema, analyzer: analyzer)
    try index.importCIFF(at: folder.path + "/file.ciff", into: "text")
    return index
  }

  /// What `x y x` and `y` are in CIFF, by hand from the specification.
  private let example: [UInt8] = [
    0x18, 0x08, 1, 0x10, 2, 0x18, 2, 0x20, 2, 0x28, 2, 0x30, 4,
    0x39, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x42, 1, 0x74,
    0x0B, 0x0A, 1, 0x78, 0x10, 1, 0x18, 2, 0x22, 2, 0x10, 2,
    0x11, 0x0A, 1, 0x79, 0x10, 2, 0x18, 2, 0x22, 2, 0x10, 1, 0x22, 4, 0x08, 1, 0x10, 1,
    0x05, 0x12, 1, 0x61, 0x18, 3,
    0x07, 0x08, 1, 0x12, 1, 0x62, 0x18, 1,
  ]

  /// What `xs y x` and `y` are with positions and written forms, where `x` is the term of `xs`.
  private let extended: [UInt8] =
    [
      0x23, 0x08, 1, 0x10, 2, 0x18, 2, 0x20, 2, 0x28, 2, 0x30, 4,
      0x39, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x42, 1, 0x74,
      0xD2, 0x3E, 8, 0x70, 0x6C, 0x75, 0x72, 0x61, 0x6C, 0x2F, 0x31,
    ] + [
      0x1E, 0x0A, 1, 0x78, 0x10, 1, 0x18, 2, 0x22, 2, 0x10, 2,
      0xCA, 0x3E, 2, 0, 2,
      0xD2, 0x3E, 11, 0x0A, 1, 0x78, 0x10, 1, 0x18, 1, 0x22, 2, 0x10, 1,
    ] + [
      0x25, 0x0A, 1, 0x79, 0x10, 2, 0x18, 2, 0x22, 2, 0x10, 1, 0x22, 4, 0x08, 1, 0x10, 1,
      0xCA, 0x3E, 2, 1, 0,
      0xDA, 0x3E, 12, 0x0A, 2, 0x78, 0x73, 0x10, 1, 0x18, 1, 0x22, 2, 0x10, 1,
    ] + [
      0x05, 0x12, 1, 0x61, 0x18, 3,
      0x07, 0x08, 1, 0x12, 1, 0x62, 0x18, 1,
    ]

  /// Cuts at spaces; an `s` at the end of a word is not part of its term, and `_` is a gap.
  private struct PluralAnalyzer: Analyzer {
    let identity = AnalyzerIdentity(name: "plural", version: 1)

    func analyze(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
      for word in text.split(separator: 0x20) {
        if word.elementsEqual([0x5F]) {
          tokens.nextPosition += 100
          continue
        }
        let form = UnsafeBufferPointer(rebasing: word)
        let term = word.last == 0x73 ? UnsafeBufferPointer(rebasing: word.dropLast()) : form
        let range = UInt32(word.startIndex)..<UInt32(word.endIndex)
        tokens.append(term: term, form: form, range: range)
      }
    }
  }

  private func pluralIndex() throws -> SearchIndex {
    let index = try SearchIndex.inMemory(schema: schema, analyzer: PluralAnalyzer())
    try index.write { writer in
      try writer.add(Document(key: "a", ["text": "xs y x"]))
      try writer.add(Document(key: "b", ["text": "y"]))
    }
    return index
  }

  @Test func `A plain file is byte for byte what the specification asks for`() throws {
    #expect(try exported(index([("a", "x y x"), ("b", "y")]), isPlain: true) == example)
    #expect(try exported(pluralIndex(), isPlain: true) == example)
  }

  @Test func `Positions and written forms are in further fields, byte for byte`() throws {
    #expect(try exported(pluralIndex()) == extended)
    let copy = try imported(extended, analyzer: PluralAnalyzer())
    #expect(try exported(copy) == extended)
    #expect(try copy.check().isWhole)
    let searcher = try copy.searcher()
    #expect(try searcher.count(.phrase("y x")) == 1)
    #expect(try searcher.count(.phrase("x y x")) == 1)
    #expect(try searcher.count(.phrase("x x")) == 0)
    #expect(try searcher.term("xs", in: "text", form: .writtenForm)?.occurrenceCount == 1)
    #expect(try searcher.term("x", in: "text", form: .writtenForm)?.occurrenceCount == 1)
  }

  private func texts(_ count: Int, seed: UInt64) -> [(DocumentKey, String)] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let words = (0..<Int.random(in: 0...150, using: &generator)).map { _ in
        "w\(min(Int.random(in: 0..<40, using: &generator), Int.random(in: 0..<40, using: &generator)))"
      }
      return (DocumentKey("d\(number)"), words.joined(separator: " "))
    }
  }

  @Test func `An index that was exported and imported again answers the same`() throws {
    let source = try index(texts(400, seed: 3))
    let (whole, copy) = (try source.searcher(), try imported(exported(source)).searcher())
    #expect(copy.documentCount == 400)
    for query in ["w0", "w3 w17", "w39 w38 w1", "w5 w6 w7 w8"] {
      try expectAlike(.words(query), copy, whole)
      try expectAlike(.phrase(query), copy, whole)
    }
    #expect(try exported(imported(exported(source))) == exported(source))
  }

  @Test func `A plain file that is imported answers words by their terms alone`() throws {
    let source = try index(texts(400, seed: 3))
    let file = try exported(source, isPlain: true)
    let (whole, copy) = (try source.searcher(), try imported(file).searcher())
    var options = SearchOptions(limit: 50)
    options.ranking.rescoredCount = 0
    for query in ["w0", "w3 w17", "w39 w38 w1", "w5 w6 w7 w8"] {
      try expectAlike(.words(query), copy, whole, options)
    }
    #expect(try exported(imported(file), isPlain: true) == file)
  }

  /// Expects the same documents in the same order with the same scores.
  private func expectAlike(
    _ query: Query, _ copy: Searcher, _ whole: Searcher,
    _ options: SearchOptions = SearchOptions(limit: 50)
  ) throws {
    let expected = try whole.search(query, options: options).hits
    let found = try copy.search(query, options: options).hits
    #expect(found.map(\.key) == expected.map(\.key), "\(query)")
    #expect(found.map(\.score) == expected.map(\.score), "\(query)")
    #expect(found.map(\.baseScore) == expected.map(\.baseScore), "\(query)")
  }

  private static let persianWords = [
    "کتاب", "کتاب‌ها", "کتابهای", "کتابش", "کتابخانه‌ها", "کتابخانه", "کار", "رفاه", "کاررفاه",
    "کارورفاه",
    "مردم", "مردها", "می‌رود", "میرود", "رفت", "رفتند", "خانه", "خانه‌ها", "خانهها", "و", "از",
    "تهران",
    "بزرگ", "بزرگتر", "وممکن", "ممکن", "۱۳۹۹", "دانش‌آموز", "دانشآموز", "کار برد", "کاربرد",
    "تهرانبزرگ",
  ]

  private func persianText(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...90, using: &random)).map { _ in
      Self.persianWords.randomElement(using: &random) ?? ""
    }.joined(separator: " ")
  }

  /// An index of several segments with deletions; some segments are not in the order of insertion.
  private func persianIndex(seed: UInt64, reordering: Bool) throws -> SearchIndex {
    var random = SeededGenerator(seed: seed)
    var options = SmallIndex.options
    options.reorderingThreshold = reordering ? 10 : nil
    let index = try SearchIndex.inMemory(schema: schema, analyzer: PersianAnalyzer())
    let writer = try index.writer(options: options)
    defer { writer.close() }
    for part in 0..<3 {
      for number in 0..<60 {
        // Texts that come twice have equal scores.
        let text = persianText(&random)
        for copy in 0..<(number % 3 == 0 ? 2 : 1) {
          let key = DocumentKey("\(part)/\(number)/\(copy)")
          try writer.add(Document(key: key, ["text": .text(text)]))
        }
      }
      try writer.commit()
      if part == 1, reordering { try writer.optimize() }
    }
    for number in stride(from: 3, to: 60, by: 7) {
      try writer.delete(key: DocumentKey("\(number % 3)/\(number)/0"))
    }
    try writer.commit()
    return index
  }

  @Test(arguments: [(1, false), (2, false), (3, true), (4, true)] as [(UInt64, Bool)])
  func `A Persian index that was exported and imported again answers the same`(
    seed: UInt64, reordering: Bool
  ) throws {
    let source = try persianIndex(seed: seed, reordering: reordering)
    let file = try exported(source)
    let imported = try imported(file, analyzer: PersianAnalyzer())
    #expect(try exported(imported) == file)
    #expect(try imported.check().isWhole)
    // Deleted documents count in the statistics until a merge drops them; the file has none.
    try source.write { try $0.optimize() }
    let (whole, copy) = (try source.searcher(), try imported.searcher())
    #expect(copy.documentCount == whole.documentCount)
    for word in Self.persianWords {
      try expectAlike(.words(word), copy, whole)
      try expectAlike(.fuzzy(word), copy, whole)
    }
    var random = SeededGenerator(seed: seed &+ 100)
    for _ in 0..<50 {
      let words = (0..<Int.random(in: 2...5, using: &random)).map { _ in
        Self.persianWords.randomElement(using: &random) ?? ""
      }
      try expectAlike(.words(words.joined(separator: " ")), copy, whole)
      try expectAlike(.phrase(words.prefix(2).joined(separator: " ")), copy, whole)
      // Words that stand together are taken apart.
      try expectAlike(.words(words.prefix(2).joined()), copy, whole)
    }
    for form in [IndexedTerm.Form.term, .writtenForm] {
      #expect(try occurrences(in: copy, form) == occurrences(in: whole, form))
    }
  }

  /// Every term with its documents, frequencies and positions.
  private func occurrences(
    in searcher: Searcher, _ form: IndexedTerm.Form
  ) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    try searcher.forEachTerm(in: "text", form: form) { term in
      found[term.text] = try term.postings().map {
        "\(try searcher.key(at: $0.address)) \($0.frequency) \($0.positions)"
      }.sorted()
      return true
    }
    return found
  }

  @Test func `A file tells the analyzer that made its terms, and its settings`() throws {
    let folder = try TemporaryDirectory()
    let words = PersianConfiguration(stopWords: ["بسیار"], synonyms: ["کوانتوم‌نما": "کوانتوم"])
    let analyzers: [any Analyzer] = [
      PersianAnalyzer(), PersianAnalyzer(configuration: words), StandardAnalyzer(),
      WhitespaceAnalyzer(),
    ]
    for (number, analyzer) in analyzers.enumerated() {
      let index = try SearchIndex.inMemory(schema: schema, analyzer: analyzer)
      try index.write { try $0.add(Document(key: "a", ["text": "کوانتوم‌نما"])) }
      try folder.directory.write("\(number).ciff", exported(index))
      let path = "\(folder.path)/\(number).ciff"
      let found = try #require(try SearchIndex.analyzer(ofCIFF: path))
      #expect(found.identity == analyzer.identity)
      #expect(found.configurationData == analyzer.configurationData)
      let copy = try SearchIndex.inMemory(schema: schema, analyzer: found)
      let header = try copy.importCIFF(at: path, into: "text")
      #expect(header.analyzer == analyzer.identity.description)
      #expect(try copy.searcher().count(.words("کوانتوم‌نما")) == 1)
      try folder.directory.write("plain\(number)", exported(index, isPlain: true))
      #expect(try SearchIndex.analyzer(ofCIFF: "\(folder.path)/plain\(number)") == nil)
    }
  }

  @Test func `A file of an analyzer that is not here says which`() throws {
    let folder = try TemporaryDirectory()
    let index = try SearchIndex.inMemory(schema: schema, analyzer: StandardAnalyzer())
    let bytes = try exported(index)
    let version = try #require(bytes.firstIndex(of: UInt8(ascii: "/"))) + 1
    var others = [extended, bytes]
    others[1][version] = UInt8(ascii: "9")
    for (bytes, name) in zip(others, ["plural/1", "standard/9"]) {
      try folder.directory.write(name.prefix(4) + ".ciff", bytes)
      let path = "\(folder.path)/\(name.prefix(4)).ciff"
      let error = #expect(throws: IndexError.self) { try SearchIndex.analyzer(ofCIFF: path) }
      #expect(error?.code == .analyzerMismatch)
      #expect(error?.path == path)
      #expect(error?.message.contains(name) == true)
    }
    let words = try SearchIndex.inMemory(
      schema: schema,
      analyzer: PersianAnalyzer(configuration: PersianConfiguration(stopWords: ["بسیار"])))
    var damaged = try exported(words)
    let kind = try #require(damaged.firstRange(of: Array("stop\t".utf8)))
    damaged[kind.lowerBound] = UInt8(ascii: "x")
    try folder.directory.write("damaged.ciff", damaged)
    let refused = #expect(throws: IndexError.self) {
      try SearchIndex.analyzer(ofCIFF: folder.path + "/damaged.ciff")
    }
    #expect(refused?.code == .corrupt)
    #expect(refused?.path == folder.path + "/damaged.ciff")
    var ugly = bytes
    ugly[version] = UInt8(ascii: "\n")
    try folder.directory.write("ugly.ciff", ugly)
    let unnamed = #expect(throws: IndexError.self) {
      try SearchIndex.analyzer(ofCIFF: folder.path + "/ugly.ciff")
    }
    #expect(unnamed?.code == .corrupt)
    let missing = #expect(throws: IndexError.self) {
      try SearchIndex.analyzer(ofCIFF: folder.path + "/none.ciff")
    }
    #expect(missing?.code == .notFound)
  }

  @Test func `Gaps between positions count in the lengths of the copy`() throws {
    let source = try SearchIndex.inMemory(schema: schema, analyzer: PluralAnalyzer())
    try source.write { writer in
      try writer.add(Document(key: "a", ["text": "xs y _ y x"]))
      try writer.add(Document(key: "b", ["text": "y x y z"]))
    }
    let copy = try imported(exported(source), analyzer: PluralAnalyzer()).searcher()
    for query in ["x", "y x", "z y", "y y"] {
      try expectAlike(.words(query), copy, try source.searcher())
      try expectAlike(.phrase(query), copy, try source.searcher())
    }
  }

  @Test func `Deleted documents stay behind`() throws {
    let source = try index([("a", "x y x"), ("gone", "z y"), ("b", "y")])
    try source.write { try $0.delete(key: "gone") }
    #expect(try exported(source, isPlain: true) == example)
    let plural = try pluralIndex()
    try plural.write { try $0.add(Document(key: "gone", ["text": "zs ys xs"])) }
    try plural.write { try $0.delete(key: "gone") }
    #expect(try exported(plural) == extended)
  }

  @Test func `A file that is cut off anywhere is refused, and nothing is imported`() throws {
    let folder = try TemporaryDirectory()
    let target = try index([("kept", "x")])
    let cuts = [example, extended].flatMap { bytes in bytes.indices.map { (bytes, $0) } }
    for (bytes, length) in cuts {
      let name = "cut\(bytes.count)-\(length).ciff"
      try folder.directory.write(name, Array(bytes[..<length]))
      let error = #expect(throws: IndexError.self) {
        try target.importCIFF(at: "\(folder.path)/\(name)", into: "text")
      }
      #expect(error?.code == .corrupt)
    }
    #expect(try target.searcher().documentCount == 1)
  }

  @Test(arguments: [
    (26, 0x08), (36, 9), (29, 0x78 - 0x40), (33, 2), (51, 7), (54, 0), (57, 0x61 + 0x80),
    (59, 0x10),
    (2, 2), (4, 3), (6, 1), (64, 0x61),
  ])
  func `A file that contradicts itself is refused or taken without a trap`(
    place: Int, value: Int
  ) throws {
    var bytes = example
    bytes[place] = UInt8(value)
    do {
      _ = try imported(bytes).searcher().best(.words("x y"))
    } catch let error as IndexError {
      #expect(error.code == .corrupt)
    }
  }

  @Test func `A file with a changed byte is refused, or makes an index that is whole`() throws {
    var accepted = 0
    for place in extended.indices {
      for change in [1, 2, 4, 8, 16, 32, 64, 128, 255] as [UInt8] {
        var bytes = extended
        bytes[place] ^= change
        do throws(IndexError) {
          _ = try CIFFReader(MappedBytes(copying: bytes, path: "changed"))
        } catch {
          #expect(error.code == .corrupt)
          #expect(error.path == "changed")
          continue
        }
        do {
          let index = try imported(bytes, analyzer: PluralAnalyzer())
          let report = try index.check()
          #expect(report.isWhole, "byte \(place), \(change): \(report.problems)")
          let searcher = try index.searcher()
          for query in [Query.words("xs y"), .phrase("x y x"), .words("x y"), .phrase("y x")] {
            _ = try searcher.search(query)
          }
          try searcher.forEachTerm(in: "text", form: .writtenForm) { try $0.postings().count >= 0 }
          accepted += 1
        } catch let error as IndexError {
          #expect(error.code == .corrupt)
        }
      }
    }
    #expect(accepted > 50)
  }

  /// A message of a posting list with one posting, and what follows it.
  private func list(_ term: String, tf: UInt8 = 1, _ more: [UInt8] = []) -> [UInt8] {
    let message =
      [0x0A, UInt8(term.utf8.count)] + Array(term.utf8) + [0x10, 1, 0x18, tf, 0x22, 2, 0x10, tf]
      + more
    return [UInt8(message.count)] + message
  }

  private func field(_ tag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [tag, 0x3E, UInt8(bytes.count)] + bytes
  }

  /// A file of one document and some lists.
  private func file(_ lists: [[UInt8]], document: [UInt8] = []) -> [UInt8] {
    let header: [UInt8] = [0x08, 1, 0x10, UInt8(lists.count), 0x18, 1]
    let record = [0x12, 1, 0x61, 0x18, 3] + document
    return [UInt8(header.count)] + header + lists.joined() + [UInt8(record.count)] + record
  }

  @Test func `Further fields that contradict the list or each other are refused`() throws {
    let (otherwise, forms): (UInt8, UInt8) = (0xD2, 0xDA)
    func nested(_ tag: UInt8, _ list: [UInt8]) -> [UInt8] { field(tag, Array(list.dropFirst())) }
    let refused: [[UInt8]] = [
      // Positions: too few, too many, beyond what there can be, cut off.
      file([list("x", tf: 2, field(0xCA, [0]))]),
      file([list("x", tf: 2, field(0xCA, [0, 1, 1]))]),
      file([list("x", field(0xCA, [0xFF, 0xFF, 0xFF, 0xFF, 0x07]))]),
      file([list("x", tf: 2, field(0xCA, [0xFE, 0xFF, 0xFF, 0xFF, 0x07, 1]))]),
      file([list("x", field(0xCA, [0x80]))]),
      // More written otherwise than there is, of another term, twice.
      file([list("x", nested(otherwise, list("x", tf: 2)))]),
      file([list("x", nested(otherwise, list("y")))]),
      file([list("x", nested(otherwise, list("x")) + nested(otherwise, list("x")))]),
      // A form twice, in one list and in two; one that begins with U+0000; an empty one.
      file([list("x", nested(forms, list("f")) + nested(forms, list("f")))]),
      file([list("x", nested(forms, list("f"))), list("y", nested(forms, list("f")))]),
      file([list("x", nested(forms, list("\0f")))]),
      file([list("x", nested(forms, list("")))]),
      // A place of insertion that is not there.
      file([list("x")], document: [0xC8, 0x3E, 2]),
      file([list("x")], document: [0xC8, 0x3E, 1]),
      file([list("x")], document: [0xC8, 0x3E] + [UInt8](repeating: 0xFF, count: 9) + [1]),
    ]
    // Two documents that were inserted at the first place.
    let (before, record) = (extended[..<(extended.count - 8)], extended[(extended.count - 7)...])
    let twice: [UInt8] = before + [10] + record + [0xC8, 0x3E, 1]
    for (number, bytes) in (refused + [twice]).enumerated() {
      let error = #expect(throws: IndexError.self, "\(number)") { try imported(bytes) }
      #expect(error?.code == .corrupt)
    }
  }

  @Test func `Further fields are read as Protocol Buffers allow to write them`() throws {
    // Positions one by one or in several parts, before the postings; forms in any order.
    let parts: [UInt8] = [0xC8, 0x3E, 1] + field(0xCA, []) + field(0xCA, [3])
    let message = parts + Array(list("x", tf: 2).dropFirst())
    let forms = ["g", "f"].flatMap { field(0xDA, Array(list($0).dropFirst())) }
    let bytes = file([[UInt8(message.count)] + message, list("w", forms)])
    let index = try imported(bytes, analyzer: PluralAnalyzer())
    #expect(try index.check().isWhole)
    let searcher = try index.searcher()
    let found = try searcher.term("x", in: "text")?.postings().map(\.positions)
    #expect(found == [[1, 4]])
    for form in ["f", "g"] {
      #expect(try searcher.term(form, in: "text", form: .writtenForm)?.occurrenceCount == 1)
    }
  }

  @Test func `Terms that the analyzer would not make are found by evidence, too`() throws {
    // `xs` is a term of the file; of the query it is a form whose term is `x`.
    let source = try index((0..<300).map { (DocumentKey("d\($0)"), "x y xs") })
    for isPlain in [true, false] {
      let file = try exported(source, isPlain: isPlain)
      let copy = try imported(file, analyzer: PluralAnalyzer()).searcher()
      #expect(try copy.search(.words("xs")).hits.map(\.key.text) == (0..<10).map { "d\($0)" })
    }
  }

  @Test func `Lists in another order are sorted, and a term with two lists is refused`() throws {
    let (header, x, y, rest) = (example[..<25], example[25..<37], example[37..<55], example[55...])
    let swapped = try imported(Array(header + y + x + rest))
    #expect(try exported(swapped, isPlain: true) == example)
    #expect(throws: IndexError.self) { try imported(Array(header + x + x + rest)) }
    let (start, long) = (extended[..<36], extended[36..<67])
    let (longer, end) = (extended[67..<105], extended[105...])
    let both = try imported(Array(start + longer + long + end), analyzer: PluralAnalyzer())
    #expect(try exported(both) == extended)
  }

  @Test func `Two documents of one key are refused`() {
    var bytes = example
    bytes[bytes.count - 3] = 0x61
    #expect(throws: IndexError.self) { try imported(bytes) }
  }
}
