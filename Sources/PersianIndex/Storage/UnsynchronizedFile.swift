// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A file that is written and can be read, and need not be on the medium before the next commit.
///
/// It stays open: a system may tell of a failed write-back only those who had the file open, and a
/// commit must not rely on a file whose write-back failed.
package final class UnsynchronizedFile: @unchecked Sendable {
  // Sendable: the output is reached only while the mutex is held.
  private let output: Mutex<Output>

  private struct Output: @unchecked Sendable {
    var file: (any StorageOutput)?
    var failure: IndexError?
  }

  /// - Parameter output: The file, to which nobody writes any more.
  init(_ output: any StorageOutput) {
    self.output = Mutex(Output(file: output))
  }

  /// Waits until the file is on the medium, and closes it; further calls return at once.
  ///
  /// - Throws: What the directory throws; the file is worthless then, and every later call throws
  ///   the same.
  package func synchronize() throws(IndexError) {
    try output.withLock { output -> Result<Void, IndexError> in
      if let failure = output.failure { return .failure(failure) }
      do throws(IndexError) {
        try output.file?.synchronize()
        try output.file?.close()
        output.file = nil
        return .success(())
      } catch {
        output.failure = error
        return .failure(error)
      }
    }.get()
  }
}
