// SPDX-License-Identifier: Apache-2.0

package import PersianIndex
import Synchronization

/// A new folder for one test, removed with everything in it when this is released.
package final class TemporaryDirectory: Sendable {
  /// The path of the folder.
  package let path: String
  private static let counter = Atomic(0)

  /// Creates a folder beneath the system's place for temporary files.
  package init() throws(IndexError) {
    let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    let parent = System.environment("TMPDIR") ?? "/tmp"
    path =
      "\(parent)/persianindex-test-\(System.processIdentifier)-\(number)-"
      + String(MonotonicClock.nanoseconds, radix: 36)
    try FileSystem.createDirectory(path)
  }

  deinit {
    Self.removeTree(path)
  }

  /// The folder as a directory of an index.
  package var directory: FileDirectory { FileDirectory(path) }

  private static func removeTree(_ path: String) {
    for name in (try? FileSystem.list(path)) ?? [] {
      let child = path + "/" + name
      if FileSystem.isDirectory(child) {
        removeTree(child)
      } else {
        try? FileSystem.remove(child)
      }
    }
    try? FileSystem.removeDirectory(path)
  }
}
