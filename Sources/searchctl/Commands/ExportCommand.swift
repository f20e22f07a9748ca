// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl export`: writes all documents.
enum ExportCommand {
  static let formats = ["jsonl", "bulk", "mapping", "ciff"]

  static let command = Command(
    name: "export", summary: "write all documents to standard output",
    operand: .nothing,
    options: [
      Options.index, Options.exportFormat, Options.indexName, Options.exportField, Options.plain,
    ],
    discussion: [
      "jsonl writes one JSON object per document, with its key as `id` and its stored fields; it"
        + " is what `index` reads. A list in a keyword field is a list again.",
      "bulk writes the same for the `_bulk` interface of OpenSearch and Elasticsearch, each text"
        + " field with a second one, NAME_terms, that holds its terms as this index's analyzer"
        + " made them, separated by spaces. mapping writes the body that creates the index for"
        + " them there, in which the second fields are cut at spaces alone.",
      "ciff writes the terms of one field (--text-field) in the Common Index File Format, for PISA,"
        + " Anserini, Terrier and other research engines. Positions, written forms and the order of"
        + " insertion, by which `import` makes an index that answers as this one does, are in fields"
        + " that other programs pass over; --plain leaves them out.",
    ],
    examples: [
      .init(line: "searchctl export > backup.jsonl", summary: "take all documents along"),
      .init(
        line: "searchctl export --format bulk --index-name news > news.ndjson",
        summary: "for OpenSearch or Elasticsearch"),
      .init(
        line: "searchctl export --format ciff > news.ciff",
        summary: "the terms, for research engines and for `import`"),
    ]
  ) { arguments, console in
    let searcher = try OpenIndex.searcher(at: IndexLocation(arguments))
    let format = arguments.string(Options.exportFormat) ?? "jsonl"
    if format == "ciff" {
      let field = arguments.string(Options.exportField) ?? Fields.text
      try searcher.exportCIFF(
        of: field, description: "searchctl export, \(field)",
        isPlain: arguments.has(Options.plain)
      ) { bytes in
        try console.output.write(Array(bytes)[...])
      }
      if let other = try otherField(than: field, of: searcher) {
        console.note(
          "the file has the field '\(field)' alone, because the format knows one; there is also"
            + " '\(other)' (--text-field \(other))")
      }
      return .success
    }
    if format == "mapping" {
      try console.output.writeLine(mapping(searcher.schema).description)
      return .success
    }
    let lists = Set(searcher.schema.fields.filter { $0.kind == .keyword }.map(\.name))
    var action = JSONObject()
    var tokens = TokenBuffer()
    try searcher.forEachDocument { document in
      var object = DocumentRenderer.object(document, type: nil, lists: lists)
      if format == "bulk" {
        var target = JSONObject()
        if let name = arguments.string(Options.indexName) { target.set("_index", name) }
        target.set("_id", identifier(of: document.key.text))
        action = JSONObject()
        action.set("index", target)
        try console.output.writeLine(action.description)
        for field in searcher.schema.fields where field.kind == .text {
          guard let text = document[field.name]?.description else { continue }
          object.set(field.name + "_terms", terms(of: text, searcher.analyzer, &tokens))
        }
      }
      try console.output.writeLine(object.description)
    }
    return .success
  }

  /// Another text field in which a document has terms.
  private static func otherField(than field: String, of searcher: Searcher) throws -> String? {
    for other in searcher.schema.fields where other.kind == .text && other.name != field {
      var hasTerms = false
      try searcher.forEachTerm(in: other.name) { _ in
        hasTerms = true
        return false
      }
      if hasTerms { return other.name }
    }
    return nil
  }

  /// The identifier of a document in the engines, which take at most 512 bytes: the key, or the
  /// beginning of a longer one with the checksum of the whole.
  private static func identifier(of key: String) -> String {
    let bytes = Array(key.utf8)
    guard bytes.count > 512 else { return key }
    var length = 480
    while bytes[length] & 0xC0 == 0x80 { length -= 1 }
    return String(decoding: bytes[..<length], as: UTF8.self) + "…"
      + String(Checksum.of(bytes), radix: 16)
  }

  private static func terms(
    of text: String, _ analyzer: any Analyzer, _ tokens: inout TokenBuffer
  ) -> String {
    var text = text
    tokens.removeAll()
    text.withUTF8 { analyzer.analyze($0, into: &tokens) }
    return tokens.tokens.map { String(decoding: tokens.term(of: $0), as: UTF8.self) }
      .joined(separator: " ")
  }

  /// The body of the request that creates an index for the documents.
  private static func mapping(_ schema: Schema) -> JSONObject {
    var properties = JSONObject()
    properties.set("id", type("keyword"))
    for field in schema.fields {
      switch field.kind {
      case .text:
        var original = type("text")
        original.set("index", false)
        properties.set(field.name, original)
        var terms = type("text")
        terms.set("analyzer", "whitespace")
        properties.set(field.name + "_terms", terms)
      case .keyword: properties.set(field.name, type("keyword"))
      case .integer: properties.set(field.name, type("long"))
      case .number: properties.set(field.name, type("double"))
      case .date: properties.set(field.name, type("date"))
      case .stored:
        var stored = type("keyword")
        stored.set("index", false)
        stored.set("doc_values", false)
        properties.set(field.name, stored)
      }
    }
    var mappings = JSONObject()
    mappings.set("properties", properties)
    var body = JSONObject()
    body.set("mappings", mappings)
    return body
  }

  private static func type(_ name: String) -> JSONObject {
    var object = JSONObject()
    object.set("type", name)
    return object
  }
}
