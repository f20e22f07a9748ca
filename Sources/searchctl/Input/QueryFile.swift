// SPDX-License-Identifier: Apache-2.0

/// A file of queries: a name, a tab and a text of plain words per line.
enum QueryFile {
  /// Calls a closure with each query of a file.
  ///
  /// - Parameters:
  ///   - path: Where the file is; `-` is standard input.
  ///   - body: Receives the whole line, the name and the text.
  /// - Throws: ``Failure`` that names the line where it is not as it should be.
  static func forEach(
    _ path: String, _ body: (_ line: String, _ name: String, _ text: String) throws -> Void
  ) throws {
    let stream: InputStream
    do {
      stream = try InputStream(path, unpacking: nil, convertingFrom: nil)
    } catch {
      throw Failure("\(Sanitizer.visible(path)): \(error)", hint: "check the path of --queries")
    }
    var reader = LineReader(stream.descriptor)
    while let line = try reader.nextLine({ String(validating: $0, as: UTF8.self) }) {
      guard let line else {
        throw Failure("\(Sanitizer.visible(path)): line \(reader.lineNumber) is not UTF-8")
      }
      if line.isEmpty { continue }
      guard let tab = line.firstIndex(of: "\t") else {
        throw Failure(
          "\(Sanitizer.visible(path)): line \(reader.lineNumber) has no tab",
          hint: "each line is a name, a tab and the text of the query")
      }
      try body(line, String(line[..<tab]), String(line[line.index(after: tab)...]))
    }
    try stream.finish()
  }
}
