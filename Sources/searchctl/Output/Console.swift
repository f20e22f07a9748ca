// SPDX-License-Identifier: Apache-2.0

/// Where a command speaks: data to standard output, talk to standard error.
final class Console {
  var output = StandardOutput()
  /// How results look.
  var style: Style
  /// Whether summaries and progress are kept back; warnings and errors never are.
  var isQuiet: Bool

  init(_ arguments: Arguments) {
    style = Style(arguments, isTerminal: Descriptor.standardOutput.isTerminal)
    isQuiet = arguments.has(Options.quiet)
  }

  /// Says what happened, unless quiet was asked for.
  func note(_ message: String) {
    if !isQuiet { Self.report(message) }
  }

  /// Says what went wrong without ending the command.
  func warn(_ failure: Failure) {
    Self.report(failure)
  }

  /// Writes an error and what to do about it to standard error.
  static func report(_ failure: Failure) {
    var text = "searchctl: " + failure.message
    if let hint = failure.hint { text += "\n  " + hint }
    report(text)
  }

  /// Writes a line to standard error.
  static func report(_ text: String) {
    var line = text + "\n"
    line.withUTF8 { bytes in
      // There is nobody left to tell where even this fails.
      try? Descriptor.standardError.write(UnsafeRawBufferPointer(bytes))
    }
  }
}
