// SPDX-License-Identifier: Apache-2.0

/// A place between two lines of a file, counted in the text that was unpacked and converted.
struct ReadingPosition: Sendable, Equatable {
  /// How many bytes lie before it.
  var offset: Int64 = 0
  /// How many lines lie before it.
  var lineNumber = 0
}
