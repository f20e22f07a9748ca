// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl query` without a query on a terminal: hits as one types.
struct InteractiveSearch {
  let searcher: Searcher
  let location: IndexLocation
  let filters: [Query]
  let console: Console

  /// Runs until ^D.
  ///
  /// - Returns: `nil` where standard input is no terminal after all.
  /// - Throws: ``Interrupted`` at ^C, once the terminal is as it was; what searching throws.
  func run() throws -> ExitStatus? {
    guard let mode = TerminalMode() else { return nil }
    // The other screen, so that what stood here before comes back at the end.
    try console.output.write("\u{1B}[?1049h")
    defer {
      try? console.output.write("\u{1B}[?1049l")
      try? console.output.flush()
      mode.restore()
    }
    // A signal that ends the process must not leave the terminal as it is now.
    Signals.catchInterrupts()
    var editor = LineEditor()
    try draw("", mode)
    var byte: UInt8 = 0
    while true {
      let count = try withUnsafeMutableBytes(of: &byte) { buffer in
        try Descriptor.standardInput.read(into: buffer)
      }
      guard count == 1 else { return .success }
      switch editor.take(byte) {
      case .end: return .success
      case .interrupt:
        // The terminal gives the key and not the signal while every key is read.
        Signals.interrupt()
        throw Interrupted()
      case .unchanged: continue
      case .changed:
        // Whoever types faster than we search need not see every step.
        if !mode.hasInput { try draw(editor.text, mode) }
      }
    }
  }

  private func draw(_ text: String, _ mode: TerminalMode) throws {
    let (rows, columns) = mode.size
    let style = console.style
    var lines: [String] = []
    if !text.allSatisfy(\.isWhitespace) {
      var options = SearchOptions(limit: max(1, (rows - 2) / 3))
      options.countsAll = true
      let results = try searcher.search(query(text), options: options)
      let total = NumberText.count(results.totalCount ?? 0, "matching document")
      lines.append(style.dim("\(total) of \(searcher.documentCount)"))
      let renderer = HitRenderer(
        format: .text, location: location,
        snippetOptions: SnippetOptions(length: max(16, columns - 6)))
      for hit in results { lines += renderer.lines(for: hit, style: style, width: columns) }
    } else {
      lines.append(style.dim("\(NumberText.count(searcher.documentCount, "document")); ^D leaves"))
    }
    var screen = "\u{1B}[H\u{1B}[2J> \(style.isolated(Sanitizer.withoutControls(text)))"
    // The cursor waits behind what was typed while the hits are drawn below.
    screen += "\u{1B}7"
    for line in lines.prefix(rows - 1) { screen += "\r\n" + line }
    screen += "\u{1B}8"
    try console.output.write(screen)
    try console.output.flush()
  }

  /// The query so far; its last word may be the beginning of one.
  private func query(_ text: String) -> Query {
    let whole = QueryParser(schema: searcher.schema).parse(text).query
    let last = text.split(whereSeparator: \.isWhitespace).last ?? ""
    let isOpen = text.last?.isWhitespace == false && last.count >= 2
    let isWord = last.allSatisfy { $0.isLetter || $0.isNumber || $0 == "\u{200C}" }
    guard isOpen, isWord else { return QueryText.filtered(whole, by: filters) }
    return QueryText.filtered(.boolean(should: [whole, .prefix(String(last))]), by: filters)
  }
}
