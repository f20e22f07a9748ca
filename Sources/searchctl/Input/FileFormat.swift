// SPDX-License-Identifier: Apache-2.0

/// What a file holds, told by its name.
struct FileFormat: Sendable, Hashable {
  enum Content: String, CaseIterable, Sendable {
    case text
    case html
    case jsonLines = "jsonl"
    case commaSeparated = "csv"
    case tabSeparated = "tsv"
    case arrow

    /// Whether one file holds many documents.
    var isContainer: Bool {
      switch self {
      case .text, .html: false
      case .jsonLines, .commaSeparated, .tabSeparated, .arrow: true
      }
    }
  }

  /// The program that unpacks a file, with its arguments.
  struct Decompressor: Sendable, Hashable {
    let program: String
    let arguments: [String]
  }

  let content: Content
  let decompressor: Decompressor?

  /// Tells the format from the name of a file.
  ///
  /// - Returns: `nil` where the name's ending is none of those known.
  init?(path: String) {
    var endings = PathName.name(path).lowercased().split(separator: ".").dropFirst()
    decompressor = endings.last.flatMap { Self.decompressors[String($0)] }
    if decompressor != nil { endings.removeLast() }
    guard let ending = endings.last, let content = Self.contents[String(ending)] else { return nil }
    self.content = content
  }

  init(content: Content, path: String = "") {
    self.content = content
    let ending = PathName.name(path).lowercased().split(separator: ".").dropFirst().last
    decompressor = ending.flatMap { Self.decompressors[String($0)] }
  }

  private static let contents: [String: Content] = [
    "txt": .text, "text": .text, "md": .text, "markdown": .text,
    "html": .html, "htm": .html, "xhtml": .html,
    "jsonl": .jsonLines, "ndjson": .jsonLines, "csv": .commaSeparated, "tsv": .tabSeparated,
    "arrow": .arrow, "arrows": .arrow, "feather": .arrow,
  ]

  private static let decompressors: [String: Decompressor] = [
    "gz": Decompressor(program: "gzip", arguments: ["-dc"]),
    "xz": Decompressor(program: "xz", arguments: ["-dc"]),
    "zst": Decompressor(program: "zstd", arguments: ["-dcq"]),
    "bz2": Decompressor(program: "bzip2", arguments: ["-dc"]),
  ]
}
