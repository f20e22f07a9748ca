// SPDX-License-Identifier: Apache-2.0

/// What a recovery of an index has restored and what it could not.
public struct RecoveryReport: Sendable {
  /// A file that could not be used.
  public struct Loss: Sendable {
    /// The name of the file within the index.
    public let file: String
    /// The documents that are lost with it; `nil` where nobody knows.
    public let documentCount: Int?
    /// What is wrong with it and what that means.
    public let reason: String
  }

  /// Whether anything had to be done; `false` for an index that was whole.
  public internal(set) var isChanged = false
  /// The number of the commit that holds what was restored; `nil` where nothing was.
  public internal(set) var generation: UInt64?
  /// The number of documents that the restored commit has.
  public internal(set) var documentCount = 0
  /// What is lost, file by file.
  public internal(set) var losses: [Loss] = []
  /// The names under which damaged files were kept for examination; the index ignores them.
  public internal(set) var setAside: [String] = []

  init() {}
}
