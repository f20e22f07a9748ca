// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl import FILE`: makes an index of a CIFF file.
enum ImportCommand {
  static let command = Command(
    name: "import", summary: "make an index of a file of another search engine",
    operand: .init(usage: "FILE", kind: .path, count: 1...1),
    options: [Options.index, Options.importAnalyzer],
    discussion: [
      "FILE is in the Common Index File Format (CIFF), which Anserini, PISA, Terrier, JASS and"
        + " `export --format ciff` write. It has terms, frequencies and keys: the documents have no"
        + " text.",
      "A file that `export` wrote has positions and written forms, too, and answers as the field did"
        + " that it is of, whose analyzer makes the terms of later queries; where --plain left these out,"
        + " and in files of other programs, phrases find nothing of meaning.",
      "Terms are taken as they are. --analyzer says what else makes terms of the words of later"
        + " queries: whitespace cuts them at spaces, which is what happens where the file does not"
        + " tell; persian is the analyzer of this program, for a file that `export --plain` wrote.",
    ],
    examples: [
      .init(
        line: "searchctl import --index robust robust04.ciff",
        summary: "a collection of a research engine"),
      .init(line: "searchctl import --index copy news.ciff", summary: "what `export` wrote"),
    ]
  ) { arguments, console in
    let location = try IndexLocation(arguments, isMaking: true)
    let path = PathName.absolute(arguments.operands[0], in: location.currentDirectory)
    let schema = Schema(.text(Fields.text, isStored: false))
    let index = try SearchIndex.create(
      at: location.directory, schema: schema, analyzer: analyzer(arguments, path))
    let header: CIFFHeader
    do throws(IndexError) {
      header = try index.importCIFF(at: path, into: Fields.text)
    } catch {
      // An empty index would be in the way of the next try.
      Folder.removeIndex(at: location.directory)
      throw failure(error, path)
    }
    console.note(
      "\(NumberText.count(header.documentCount, "document")) and"
        + " \(NumberText.count(header.postingListCount, "term")) in \(location.shown)")
    return .success
  }

  /// What makes terms of queries: the choice of the user, or what the file tells.
  private static func analyzer(_ arguments: Arguments, _ path: String) throws -> any Analyzer {
    switch arguments.string(Options.importAnalyzer) {
    case "persian": return PersianAnalyzer()
    case "whitespace": return WhitespaceAnalyzer()
    default: break
    }
    do {
      return try SearchIndex.analyzer(ofCIFF: path) ?? WhitespaceAnalyzer()
    } catch {
      throw failure(error, path)
    }
  }

  /// An error as the user reads it; what helps with a damaged index does not with a damaged file.
  private static func failure(_ error: IndexError, _ path: String) -> Failure {
    guard error.path == path else { return Failure(error) }
    return error.code == .analyzerMismatch
      ? Failure(
        error.description,
        hint: "--analyzer persian or --analyzer whitespace takes the terms as they are")
      : Failure(error.description)
  }
}
