// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Writes the hits of a search for people or for programs.
struct HitRenderer {
  enum Format: String, CaseIterable, Sendable {
    case text
    case json
    case trec
  }

  let format: Format
  let location: IndexLocation
  let snippetOptions: SnippetOptions
  /// The name of the query in a batch; `nil` where there is only one.
  var queryName: String?

  /// What explains the score of a document; `nil` where nobody asked.
  var explanation: ((DocumentKey) throws -> Explanation?)?
  /// Whether the score by terms alone is told too, for whoever joins the hits of several indexes.
  var showsBaseScore = false

  init(format: Format, location: IndexLocation, snippetOptions: SnippetOptions) {
    self.format = format
    self.location = location
    self.snippetOptions = snippetOptions
  }

  /// Writes one hit.
  ///
  /// - Parameters:
  ///   - hit: The hit.
  ///   - console: Where it goes.
  ///   - isWhole: Whether its title, snippet and fields are wanted in JSON.
  /// - Throws: What the index throws, and ``ClosedPipe``.
  func write(_ hit: Hit, to console: Console, isWhole: Bool = true) throws {
    switch format {
    case .text: try writeText(hit, console)
    case .json: try console.output.writeLine(try object(for: hit, isWhole: isWhole).description)
    case .trec: try writeTREC(key: hit.key, rank: hit.rank, score: hit.score, console)
    }
  }

  /// Writes a line of a TREC run: query, `Q0`, document, rank, score and name of the run.
  func writeTREC(
    key: DocumentKey, rank: Int, score: Double, _ console: Console
  ) throws {
    try console.output.write(
      "\(Self.word(queryName ?? "1")) Q0 \(Self.word(key.text)) \(rank) \(score) searchctl\n")
  }

  private func writeText(_ hit: Hit, _ console: Console) throws {
    for line in lines(for: hit, style: console.style) { try console.output.writeLine(line) }
    if let explanation = try explanation?(hit.key) {
      for line in Self.lines(of: explanation) { try console.output.writeLine(line) }
    }
    try console.output.writeLine()
  }

  /// The lines that show a hit, one field on each: Persian between numbers would move them on
  /// terminals that reorder.
  ///
  /// - Parameters:
  ///   - hit: The hit.
  ///   - style: How it looks.
  ///   - width: The cells of a line, where longer titles are to be cut.
  /// - Returns: Two or three lines.
  func lines(for hit: Hit, style: Style, width: Int = 103) -> [String] {
    let title = Sanitizer.running(hit[Fields.title]?.description ?? "")
    let name = name(of: hit)
    let rank = style.number("\(hit.rank).")
    let score = style.number(NumberText.fixed(hit.score, decimals: 2))
    var lines = ["\(rank) \(style.dim(score))  \(style.isolated(Sanitizer.visible(name)))"]
    if !title.isEmpty {
      let shown = SourceDocument.shortened(title, to: max(8, width - 3))
      lines.append("   " + style.isolated(style.bold(shown)))
    }
    let snippet = hit.snippet(of: Fields.text, options: snippetOptions)
    if !snippet.pieces.isEmpty { lines.append("   " + style.isolated(marked(snippet, style))) }
    if !hit.duplicates.isEmpty {
      let keys = hit.duplicates.prefix(3).map { style.isolated(Sanitizer.visible($0.text)) }
      let rest = hit.duplicates.count - keys.count
      lines.append(
        "   " + style.dim("nearly the same: ") + keys.joined(separator: ", ")
          + (rest > 0 ? style.dim(" and \(rest) more") : ""))
    }
    return lines
  }

  /// The file of a document, and its key where the file has others too.
  private func name(of hit: Hit) -> String {
    guard let path = hit[Fields.path]?.description else { return hit.key.text }
    let shown = location.shown(path: path)
    return hit.key.text == path ? shown : "\(shown): \(hit.key.text)"
  }

  /// The snippet with its matches marked and nothing in it that could drive a terminal.
  ///
  /// Matches with only a space between them are marked as one, which reads better.
  private func marked(_ snippet: Snippet, _ style: Style) -> String {
    let marks = style.marks
    var result = ""
    var isOpen = false
    for (place, piece) in snippet.pieces.enumerated() {
      let isBridge =
        isOpen && piece.text == " " && place + 1 < snippet.pieces.count
        && snippet.pieces[place + 1].isMatch
      if piece.isMatch != isOpen, !isBridge {
        result += isOpen ? marks.close : marks.open
        isOpen.toggle()
      }
      result += Sanitizer.withoutControls(piece.text)
    }
    return isOpen ? result + marks.close : result
  }

  private func object(for hit: Hit, isWhole: Bool) throws -> JSONObject {
    var object = JSONObject(type: "hit")
    if let queryName { object.set("query", queryName) }
    object.set("rank", hit.rank)
    object.set("key", hit.key.text)
    if let path = hit[Fields.path] { object.set("path", path.description) }
    object.set("score", hit.score)
    if showsBaseScore { object.set("baseScore", hit.baseScore) }
    guard isWhole else { return object }
    object.set("title", hit[Fields.title]?.description ?? "")
    let snippet = hit.snippet(of: Fields.text, options: snippetOptions)
    object.set("snippet", snippet.text)
    object.set("highlights", highlights(of: snippet))
    if !hit.duplicates.isEmpty { object.set("duplicates", hit.duplicates.map(\.text)) }
    if let published = hit[Fields.published] { object.set("published", published.description) }
    var others = JSONObject()
    for (name, value) in hit.fields.sorted(by: { $0.key < $1.key })
    where !Fields.standard.contains(name) {
      others.set(name, value)
    }
    if !others.isEmpty { object.set("fields", others) }
    if let explanation = try explanation?(hit.key) {
      object.set("explanation", Self.object(for: explanation))
    }
    return object
  }

  /// Where the matches stand in the snippet, in bytes and in scalars.
  private func highlights(of snippet: Snippet) -> [JSONObject] {
    var result: [JSONObject] = []
    var byte = 0
    var scalar = 0
    for piece in snippet.pieces {
      let bytes = piece.text.utf8.count
      let scalars = piece.text.unicodeScalars.count
      if piece.isMatch {
        var object = JSONObject()
        object.set("utf8", [byte, byte + bytes])
        object.set("scalars", [scalar, scalar + scalars])
        result.append(object)
      }
      byte += bytes
      scalar += scalars
    }
    return result
  }

  /// Columns of a run are cut at white space, so a name must not contain any.
  private static func word(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.properties.isWhitespace) else { return text }
    return text.unicodeScalars.map { scalar in
      scalar.properties.isWhitespace
        ? String(scalar).utf8.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
        : String(scalar)
    }.joined()
  }
}
