// SPDX-License-Identifier: Apache-2.0

/// The options, each defined once; a command lists those it takes.
enum Options {
  static let help = Option(
    "help", "h", summary: "print help; -h is the short form of it")
  static let color = Option(
    "color", nil, .choice("WHEN", ["auto", "always", "never"]),
    summary: "colour: auto (on a terminal, unless NO_COLOR is set), always or never")
  static let quiet = Option(
    "quiet", "q", summary: "print no summary and no progress")

  /// Those that every command takes.
  static let common = [color, quiet, help]

  static let index = Option(
    "index", "i", .directory("DIR"),
    summary: "the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above")
  static let wait = Option(
    "wait", "w", .number("SECONDS", 0...1_000_000_000),
    summary: "wait up to so long for another writer to end (0.5)")
  static let indexes = Option(
    "index", "i", .directory("DIR"), repeats: true,
    summary: "an index, or several to be searched as one; otherwise as elsewhere")
  static let json = Option(
    "json", nil, summary: "print JSON Lines, one object per line")
  static let bidi = Option(
    "bidi", nil, .choice("WHEN", ["auto", "isolate", "never"]),
    summary: "wrap Persian fields in direction isolates; auto does so on a terminal")
  static let digits = Option(
    "digits", nil, .choice("KIND", ["latin", "persian"]),
    summary: "the digits of ranks and counts: latin or persian")
  static let highlight = Option(
    "highlight", nil, .choice("HOW", ["color", "brackets", "none"]),
    summary: "how matched words are marked; without colour the default is brackets")

  static let terms = Option(
    "terms", "t", summary: "print the terms alone, one line for each line of text")

  static let limit = Option(
    "limit", "n", .number("N", 0...1_000_000), summary: "the most hits to print (10)")
  static let offset = Option(
    "offset", nil, .number("N", 0...1_000_000_000),
    summary: "how many of the best hits to leave out before (0)")
  static let filter = Option(
    "filter", "f", .text("QUERY"), repeats: true,
    summary: "only documents that match this too, without a say in the ranking")
  static let format = Option(
    "format", nil, .choice("FORMAT", ["text", "json", "trec"]),
    summary: "how hits are printed: text, json or trec")
  static let queries = Option(
    "queries", nil, .file("FILE"),
    summary: "run the queries of a file: a name, a tab and plain words per line")
  static let ranking = Option(
    "ranking", nil, .text("LIST"),
    summary: "parameters of the ranking, as in k1=1.2,b=0.75,stop=0.3,form=0.6,rescored=24")
  static let statistics = Option(
    "statistics", nil, .file("FILE"),
    summary: "rank by the statistics of a larger collection, of which this is a part")
  static let into = Option(
    "into", nil, .directory("DIR"), summary: "the folder of the new index")
  static let importAnalyzer = Option(
    "analyzer", nil, .choice("NAME", ["whitespace", "persian"]),
    summary: "what makes terms of queries: whitespace or persian; otherwise as the file tells")
  static let exportField = Option(
    "text-field", nil, .text("NAME"), summary: "the field whose terms ciff writes (text)")
  static let plain = Option(
    "plain", nil, summary: "write only what the format of ciff knows, without positions")
  static let threads = Option(
    "threads", nil, .number("N", 1...64), summary: "threads that analyse texts")
  static let facet = Option(
    "facet", nil, .text("FIELD"), repeats: true,
    summary: "count the matches by a keyword field, or a date field as in published:year")
  static let sort = Option(
    "sort", nil, .text("FIELD"),
    summary: "order by a number or date field, as in published:desc, not by score")
  static let collapse = Option(
    "collapse", nil, summary: "show documents that are nearly the same once")
  static let explain = Option(
    "explain", nil, summary: "print below each hit what its score is made of")
  static let after = Option(
    "after", nil, .text("TOKEN"), summary: "the page behind the one that gave this nextPage")
  static let open = Option(
    "open", "o", .number("N", 1...1_000_000), summary: "print the document of the N-th hit")
  static let snippetLength = Option(
    "snippet-length", nil, .number("N", 16...100_000), summary: "letters of a snippet (200)")
  static let strict = Option(
    "strict", nil, summary: "refuse a query that is not understood wholly")

  static let field = Option(
    "field", nil, .text("NAME:KIND"), repeats: true,
    summary: "a further field of a new index; KIND is text, keyword, integer, number, date or"
      + " stored")
  static let map = Option(
    "map", "m", .text("FIELD=NAME"), repeats: true,
    summary: "take a field from the member or column NAME; FIELD is key, title, text, published or"
      + " a further field")
  static let encoding = Option(
    "encoding", nil, .choice("NAME", TextDecoder.Encoding.allCases.map(\.rawValue)),
    summary: "the encoding of the files: auto, utf-8, utf-16 or windows-1256")
  static let type = Option(
    "type", nil, .choice("KIND", FileFormat.Content.allCases.map(\.rawValue)),
    summary: "what the files named hold: text, html, jsonl, csv, tsv or arrow; jsonl for `-`")
  static let words = Option(
    "words", nil, .file("FILE"),
    summary: "words for a new index to know beside the lexicon, one per line")
  static let protectedWords = Option(
    "protected-words", nil, .file("FILE"),
    summary: "words that are indexed just as they are written, one per line")
  static let stopWords = Option(
    "stop-words", nil, .file("FILE"),
    summary: "further words that count little in the ranking, one per line")
  static let synonyms = Option(
    "synonyms", nil, .file("FILE"),
    summary: "pairs of words per line, the first to be found as the second")
  static let commitEvery = Option(
    "commit-every", nil, .number("N", 1...1_000_000_000),
    summary: "commit after N documents each; otherwise once a minute")
  static let rebuild = Option(
    "rebuild", nil, summary: "begin anew, even where the index is damaged or of another version")

  static let matching = Option(
    "matching", nil, .text("QUERY"), repeats: true, summary: "delete what the query finds")
  static let exportFormat = Option(
    "format", nil, .choice("FORMAT", ExportCommand.formats),
    summary: "what to write: jsonl, bulk, mapping or ciff")
  static let indexName = Option(
    "index-name", nil, .text("NAME"), summary: "the name of the index in the lines of bulk")

  static let correct = Option(
    "correct", "c", summary: "print corrections in place of completions")

  static let termField = Option(
    "field", nil, .text("NAME"), summary: "the field whose terms are shown (text)")
  static let forms = Option(
    "forms", nil, summary: "written forms in place of terms")
  static let termLimit = Option(
    "limit", "n", .number("N", 0...1_000_000_000), summary: "the most lines to print, 0 for all")
}
