// SPDX-License-Identifier: Apache-2.0

import PersianIndex

extension DocumentReader {
  /// Reads the rows of a table of Arrow.
  ///
  /// Places are counted in rows, so that reading goes on at a row: what is before it is read and
  /// passed over.
  ///
  /// - Parameters:
  ///   - descriptor: The table, unpacked.
  ///   - start: Where an earlier reading ended; `nil` for the beginning.
  ///   - path: The name of the file in the index; `nil` for standard input.
  ///   - body: Receives each document and how many rows are behind it.
  ///   - report: Receives what is wrong with a row.
  /// - Throws: What `body` throws, or what made the table unreadable.
  func readArrow(
    _ descriptor: Descriptor, from start: ReadingPosition?, _ path: String?,
    _ body: (SourceDocument, ReadingPosition) throws -> Void, _ report: (Failure) -> Void
  ) throws {
    var reader = ArrowReader(descriptor)
    var before = 0
    func read(_ batch: ArrowBatch) throws {
      for row in max(0, min((start?.lineNumber ?? 0) - before, batch.count))..<batch.count {
        try Signals.check()
        let number = before + row + 1
        let members: [JSONValue.Member]
        do {
          members = try batch.members(ofRow: row)
        } catch let error as ArrowBatch.NoText {
          let column = Sanitizer.visible(error.column)
          report(Failure("row \(number): invalid UTF-8 in column '\(column)'"))
          continue
        }
        guard let document = document(from: members, path: path, line: number) else {
          let names = map.textNames.joined(separator: ", ")
          report(Failure("row \(number): no text (column \(names)); name it with --map text=NAME"))
          continue
        }
        try body(document, ReadingPosition(offset: 0, lineNumber: number))
      }
      before += batch.count
    }
    while try reader.nextBatch(read) != nil {}
    guard before >= start?.lineNumber ?? 0 else {
      throw Failure(
        "ends before the place where reading was to go on", hint: "read it anew with --rebuild")
    }
  }
}
