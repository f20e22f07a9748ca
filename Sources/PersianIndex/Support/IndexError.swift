// SPDX-License-Identifier: Apache-2.0

/// The error every operation of the library throws.
///
/// The code says what kind of failure it was, and is what a program decides on; the message says
/// what failed, where, and what to do about it, in one line.
///
///     do {
///       index = try SearchIndex.open(at: "news.index")
///     } catch {
///       guard error.code == .notFound else { throw error }
///       index = try SearchIndex.create(at: "news.index", schema: schema)
///     }
public struct IndexError: Error, Sendable {
  /// A kind of failure; more kinds may be added in later versions.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The name of the code, as in `corrupt`.
    public let description: String

    private init(_ name: String) {
      description = name
    }

    /// The index, file, document or field asked for does not exist.
    public static let notFound = Code("notFound")
    /// Something is already there where a new index was to be created.
    public static let alreadyExists = Code("alreadyExists")
    /// Another writer, in this process or another, holds the index.
    public static let locked = Code("locked")
    /// Bytes of the index are damaged: a length, a checksum or an order is wrong.
    public static let corrupt = Code("corrupt")
    /// The index was written in a format older than this build can read.
    public static let formatTooOld = Code("formatTooOld")
    /// The index was written in a format newer than this build can read.
    public static let formatTooNew = Code("formatTooNew")
    /// The index was written with another analyzer or lexicon than the one opening it.
    public static let analyzerMismatch = Code("analyzerMismatch")
    /// A query is malformed, or asks for something the schema does not have.
    public static let invalidQuery = Code("invalidQuery")
    /// A document does not fit the schema or exceeds a limit.
    public static let invalidDocument = Code("invalidDocument")
    /// A schema is malformed or differs from the one the index was created with.
    public static let invalidSchema = Code("invalidSchema")
    /// A parameter is outside its documented range.
    public static let invalidArgument = Code("invalidArgument")
    /// The device or the quota is full.
    public static let outOfSpace = Code("outOfSpace")
    /// The process or the system has no file descriptor or mapping left.
    public static let outOfResources = Code("outOfResources")
    /// The file system or its permissions do not allow the operation.
    public static let notPermitted = Code("notPermitted")
    /// The operating system reported another input/output failure.
    public static let io = Code("io")
    /// The writer is closed: an earlier failure or its own `close()` ended it.
    public static let closed = Code("closed")
    /// The operation was cancelled by its caller.
    public static let cancelled = Code("cancelled")
  }

  /// The kind of failure.
  public let code: Code
  /// What failed and what to do about it: one line of plain text, without the path and the offset.
  public let message: String
  /// The file or folder concerned, where there is one.
  public let path: String?
  /// The offset in bytes concerned: into the file at `path`, or into the query's UTF-8 text.
  public let offset: UInt64?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What failed and what to do about it: one line, without path and offset.
  ///   - path: The file or folder concerned, where there is one.
  ///   - offset: The offset in bytes into that file or into the query's text, where it is known.
  public init(_ code: Code, _ message: String, path: String? = nil, offset: UInt64? = nil) {
    self.code = code
    self.message = message
    self.path = path
    self.offset = offset
  }
}

extension IndexError: CustomStringConvertible {
  /// The path, the message and the offset in one line.
  public var description: String {
    var text = ""
    if let path { text += path + ": " }
    text += message
    if let offset { text += " (at byte \(offset))" }
    return text
  }
}
