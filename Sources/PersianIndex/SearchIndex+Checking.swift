// SPDX-License-Identifier: Apache-2.0

extension SearchIndex {
  /// Checks every checksum, order and cross-reference of an index's newest commit.
  ///
  ///     let report = try SearchIndex.check(at: "news.index")
  ///     if !report.isWhole { print(report.problems) }
  ///
  /// It changes nothing, needs no lock, and works on indexes too damaged to be opened.
  ///
  /// - Parameter path: The path of the index.
  /// - Returns: What was found, segment by segment; damage is reported, not thrown.
  /// - Throws: `.notFound` where there is no index; `.notPermitted` and `.io` where the folder
  ///   cannot be listed.
  /// - Complexity: It reads the whole index and decodes every posting list and stored document.
  /// - Note: Blocks while it reads. Safe to call from any thread.
  public static func check(at path: String) throws(IndexError) -> CheckReport {
    try IndexChecker(FileDirectory(path)).check()
  }

  /// Checks every checksum, order and cross-reference of the newest commit.
  ///
  /// - Returns: What was found, segment by segment; damage is reported, not thrown.
  /// - Throws: As ``check(at:)``.
  /// - Complexity: As ``check(at:)``.
  public func check() throws(IndexError) -> CheckReport {
    try IndexChecker(directory).check()
  }

  /// Restores the newest whole commit of a damaged index from what survives of it.
  ///
  /// Segments that are whole are kept, and a new commit lists them. Damaged files get the ending
  /// `.damaged` and stay for examination. An index that is whole is left as it is.
  ///
  ///     let report = try SearchIndex.recover(at: "news.index")
  ///     for loss in report.losses { print(loss.file, loss.reason) }
  ///
  /// - Parameters:
  ///   - path: The path of the index.
  ///   - seconds: How long to wait for a writer to end; 0 to try once.
  /// - Returns: What was restored and what is lost.
  /// - Throws: `.notFound` where there is no index, `.corrupt` where no manifest can be read, so
  ///   that not even the schema is known; `.locked`, `.notPermitted`, `.outOfSpace`, `.io`. After
  ///   an error the index is as before.
  /// - Complexity: As ``check(at:)``.
  /// - Note: Blocks while it reads and until the new commit is durable.
  @discardableResult
  public static func recover(
    at path: String, waitingUpTo seconds: Double = 0
  ) throws(IndexError) -> RecoveryReport {
    var recovery = IndexRecovery(FileDirectory(path))
    return try recovery.run(waitingUpTo: seconds)
  }
}
