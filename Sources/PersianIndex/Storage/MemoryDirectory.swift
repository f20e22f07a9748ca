// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A directory in the memory of this process; it is gone with its last reference.
package final class MemoryDirectory: StorageDirectory {
  package let path: String
  private let state = Mutex(State())

  private struct State {
    var files: [String: MappedBytes] = [:]
    // A file that is being written is there by name, but has no bytes until it is closed.
    var isLocked = false

    mutating func takeLock() -> Bool {
      if isLocked { return false }
      isLocked = true
      return true
    }
  }

  /// Creates an empty directory.
  ///
  /// - Parameter path: What messages call it.
  package init(path: String = "memory") {
    self.path = path
  }

  package func list() throws(IndexError) -> [String] {
    state.withLock { Array($0.files.keys) }
  }

  package func create(_ name: String) throws(IndexError) -> any StorageOutput {
    let path = path(of: name)
    let isNew = state.withLock { state in
      guard state.files[name] == nil else { return false }
      state.files[name] = MappedBytes(copying: [], path: path)
      return true
    }
    guard isNew else {
      throw IndexError(.alreadyExists, "cannot create the file: it is already there", path: path)
    }
    return MemoryOutput(path: path) { [weak self] bytes in
      self?.state.withLock { state in
        if state.files[name] != nil {
          state.files[name] = MappedBytes(copying: bytes, path: path)
        }
      }
    }
  }

  package func open(_ name: String) throws(IndexError) -> MappedBytes {
    guard let bytes = state.withLock({ $0.files[name] }) else { throw missing(name) }
    return bytes
  }

  package func rename(_ from: String, to: String) throws(IndexError) {
    let target = path(of: to)
    let found = state.withLock { state in
      guard let file = state.files.removeValue(forKey: from) else { return false }
      state.files[to] = file.withBytes { MappedBytes(copying: $0, path: target) }
      return true
    }
    if !found { throw missing(from) }
  }

  package func remove(_ name: String) throws(IndexError) {
    if state.withLock({ $0.files.removeValue(forKey: name) }) == nil { throw missing(name) }
  }

  package func synchronize() throws(IndexError) {}

  package func lock(waitingUpTo seconds: Double) throws(IndexError) -> WriterLock {
    let deadline = MonotonicClock.nanoseconds + UInt64(max(0, min(seconds, 1e9)) * 1e9)
    while !state.withLock({ $0.takeLock() }) {
      if MonotonicClock.nanoseconds >= deadline {
        throw IndexError(.locked, "locked by another writer of this process", path: path)
      }
      System.sleep(milliseconds: 1)
    }
    return WriterLock { [self] in state.withLock { $0.isLocked = false } }
  }

  /// Puts a file there as it is, in place of one of that name; for tests and copies.
  package func replace(_ name: String, with bytes: some Collection<UInt8>) {
    replace(name, with: MappedBytes(copying: bytes, path: path(of: name)))
  }

  /// Puts a file there without copying its bytes, in place of one of that name.
  package func replace(_ name: String, with bytes: MappedBytes) {
    state.withLock { $0.files[name] = bytes }
  }

  private func missing(_ name: String) -> IndexError {
    IndexError(.notFound, "there is no such file", path: path(of: name))
  }
}

/// A new file of a memory directory, which gets its bytes there at each synchronization.
private final class MemoryOutput: StorageOutput {
  let path: String
  private var bytes: [UInt8] = []
  private let publish: ([UInt8]) -> Void

  init(path: String, publish: @escaping ([UInt8]) -> Void) {
    self.path = path
    self.publish = publish
  }

  var position: UInt64 { UInt64(bytes.count) }

  func write(_ part: UnsafeRawBufferPointer) throws(IndexError) {
    bytes.append(contentsOf: part)
  }

  func synchronize() throws(IndexError) {
    publish(bytes)
  }

  func endWriting() throws(IndexError) {
    publish(bytes)
  }

  func close() throws(IndexError) {
    publish(bytes)
    bytes = []
  }
}
