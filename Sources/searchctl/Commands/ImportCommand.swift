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
        + " that it is of; where --plain left them out, and in files of other programs, phrases find"
        + " nothing of meaning.",
      "Terms are taken as they are. --analyzer says what makes terms of the words of later queries:"
        + " whitespace cuts them at spaces, persian is that of this program, for a file that"
        + " `export` wrote.",
    ],
    examples: [
      .init(
        line: "searchctl import --index robust robust04.ciff",
        summary: "a collection of a research engine")
    ]
  ) { arguments, console in
    let location = try IndexLocation(arguments, isMaking: true)
    let path = PathName.absolute(arguments.operands[0], in: location.currentDirectory)
    let schema = Schema(.text(Fields.text, isStored: false))
    let index =
      arguments.string(Options.importAnalyzer) == "persian"
      ? try SearchIndex.create(
        at: location.directory, schema: schema, analyzer: PersianAnalyzer())
      : try SearchIndex.create(
        at: location.directory, schema: schema, analyzer: WhitespaceAnalyzer())
    let header: CIFFHeader
    do {
      header = try index.importCIFF(at: path, into: Fields.text)
    } catch {
      // An empty index would be in the way of the next try.
      Folder.removeIndex(at: location.directory)
      throw error
    }
    console.note(
      "\(NumberText.count(header.documentCount, "document")) and"
        + " \(NumberText.count(header.postingListCount, "term")) in \(location.shown)")
    return .success
  }
}
