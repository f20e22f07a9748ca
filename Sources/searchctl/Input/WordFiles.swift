// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The user's own words for a new index, from the files of the command line.
///
/// One word stands on each line; empty lines and those that begin with `#` are passed over. A line
/// of synonyms has two words with a tab, `=` or a space between: the first is found as the second.
enum WordFiles {
  /// The options that name such files.
  static let options = [
    Options.words, Options.protectedWords, Options.stopWords, Options.synonyms,
  ]

  /// Reads the files.
  ///
  /// - Parameter arguments: The command line.
  /// - Returns: The words; `nil` where no file was named.
  /// - Throws: ``Failure`` that names the file and the line where something is wrong.
  static func configuration(_ arguments: Arguments) throws -> PersianConfiguration? {
    guard options.contains(where: { arguments.has($0) }) else { return nil }
    var configuration = PersianConfiguration()
    configuration.words = try words(arguments, Options.words)
    configuration.protectedWords = try words(arguments, Options.protectedWords)
    configuration.stopWords = try words(arguments, Options.stopWords)
    guard let path = arguments.string(Options.synonyms) else { return configuration }
    try forEachLine(of: path) { line, number in
      let pair = line.split { $0 == "\t" || $0 == " " || $0 == "=" }.map(String.init)
      guard pair.count == 2 else {
        throw Failure(
          "\(Sanitizer.visible(path)):\(number): two words are expected, not"
            + " '\(Sanitizer.visible(line))'",
          hint: "join the parts of a word by half-spaces")
      }
      if let known = configuration.synonyms[pair[0]], known != pair[1] {
        throw Failure(
          "\(Sanitizer.visible(path)):\(number): '\(Sanitizer.visible(pair[0]))' is there already,"
            + " to be found as '\(Sanitizer.visible(known))'")
      }
      configuration.synonyms[pair[0]] = pair[1]
    }
    return configuration
  }

  private static func words(_ arguments: Arguments, _ option: Option) throws -> [String] {
    guard let path = arguments.string(option) else { return [] }
    var words: [String] = []
    try forEachLine(of: path) { line, number in
      guard !line.contains(where: \.isWhitespace) else {
        throw Failure(
          "\(Sanitizer.visible(path)):\(number): one word is expected, not"
            + " '\(Sanitizer.visible(line))'",
          hint: "join the parts of a word by half-spaces")
      }
      words.append(line)
    }
    return words
  }

  private static func forEachLine(
    of path: String, _ body: (String, Int) throws -> Void
  ) throws {
    let name = Sanitizer.visible(path)
    let bytes: [UInt8]
    do {
      let descriptor = try Descriptor.open(path)
      defer { descriptor.close() }
      bytes = try descriptor.readToEnd(limit: 64 << 20)
    } catch {
      throw Failure("\(name): \(error)", hint: "check the path of the words")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(name): the words are not UTF-8")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let word = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      guard let last = word.lastIndex(where: { !$0.isWhitespace }), word.first != "#" else {
        continue
      }
      try body(String(word[...last]), number + 1)
    }
  }
}
