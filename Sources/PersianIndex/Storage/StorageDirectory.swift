// SPDX-License-Identifier: Apache-2.0

/// A flat set of named files in which an index lives.
///
/// A file is created once, written from front to back, synchronized and closed; after that it is
/// only mapped, renamed or removed. Names hold no slash. All calls are safe from any thread and
/// block on the device.
package protocol StorageDirectory: Sendable {
  /// The folder's path, or a description of the place, for messages.
  var path: String { get }

  /// Returns the names of all files, in no order.
  func list() throws(IndexError) -> [String]

  /// Creates a file for writing; `alreadyExists` where the name is taken.
  func create(_ name: String) throws(IndexError) -> any StorageOutput

  /// Maps a whole file for reading; `notFound` where there is none of that name.
  func open(_ name: String) throws(IndexError) -> MappedBytes

  /// Gives a file another name in one step, in place of a file that has it.
  func rename(_ from: String, to: String) throws(IndexError)

  /// Removes a file; what is mapped of it stays readable.
  func remove(_ name: String) throws(IndexError)

  /// Waits until the names are on the medium.
  func synchronize() throws(IndexError)

  /// Takes the lock that makes its holder the only writer, until the result is released.
  func lock(waitingUpTo seconds: Double) throws(IndexError) -> WriterLock
}

extension StorageDirectory {
  /// The path of a file, for messages.
  package func path(of name: String) -> String {
    path + "/" + name
  }
}
