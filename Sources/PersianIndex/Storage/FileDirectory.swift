// SPDX-License-Identifier: Apache-2.0

/// A folder of the file system.
package struct FileDirectory: StorageDirectory {
  package static let lockName = "LOCK"

  package let path: String

  /// Names a folder, which need not exist yet.
  package init(_ path: String) {
    self.path = path
  }

  /// Creates the folder and those above it where they do not exist.
  package func createFolder() throws(IndexError) {
    try FileSystem.createDirectory(path)
  }

  package func list() throws(IndexError) -> [String] {
    try FileSystem.list(path)
  }

  package func create(_ name: String) throws(IndexError) -> any StorageOutput {
    FileOutput(try File.create(path(of: name)))
  }

  package func open(_ name: String) throws(IndexError) -> MappedBytes {
    try MappedBytes(mapping: path(of: name))
  }

  package func rename(_ from: String, to: String) throws(IndexError) {
    try FileSystem.rename(path(of: from), to: path(of: to))
  }

  package func remove(_ name: String) throws(IndexError) {
    try FileSystem.remove(path(of: name))
  }

  package func synchronize() throws(IndexError) {
    try FileSystem.synchronizeDirectory(path)
  }

  package func lock(waitingUpTo seconds: Double) throws(IndexError) -> WriterLock {
    let lock = try FileLock(path(of: Self.lockName), waitingUpTo: seconds)
    return WriterLock { withExtendedLifetime(lock) {} }
  }
}
