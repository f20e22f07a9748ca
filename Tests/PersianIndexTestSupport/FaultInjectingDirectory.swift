// SPDX-License-Identifier: Apache-2.0

package import PersianIndex
import Synchronization

/// A directory in memory that records what is done to it, and can let one call fail.
///
/// The record, replayed by ``CrashReplay``, gives what a power failure could have left behind after
/// each call. Use it from one thread when the record is to be the same each time.
package final class FaultInjectingDirectory: StorageDirectory {
  /// A change of the directory.
  ///
  /// Files have numbers, because names move from file to file.
  package enum Change: Sendable {
    case create(name: String, file: Int)
    case write(file: Int, bytes: [UInt8])
    case synchronize(file: Int)
    case rename(from: String, to: String)
    case remove(name: String)
    case synchronizeNames
    /// What the test did between two changes, by a number of its own.
    case mark(Int)
  }

  /// The call that fails, and how.
  package struct Fault: Sendable {
    /// The number of the call, from 0, counting every call that touches the device.
    package let call: Int
    package let code: IndexError.Code

    package init(call: Int, code: IndexError.Code) {
      self.call = call
      self.code = code
    }
  }

  private struct State {
    var names: [String: Int] = [:]
    var files: [[UInt8]] = []
    // Files of which a synchronization has failed: what they had then never becomes durable.
    var poisoned: Set<Int> = []
    var changes: [Change] = []
    var calls = 0
    var fault: Fault?
    var isLocked = false
  }

  package let path = "faulty"
  private let state: Mutex<State>

  /// Creates an empty directory.
  package init(_ fault: Fault? = nil) {
    state = Mutex(State(fault: fault))
  }

  /// What has been done so far.
  package var changes: [Change] { state.withLock { $0.changes } }

  /// The number of calls so far that could have failed.
  package var calls: Int { state.withLock { $0.calls } }

  /// Whether the fault has happened.
  package var hasFailed: Bool {
    state.withLock { state in state.fault.map { $0.call < state.calls } ?? false }
  }

  /// Lets a later call fail, in place of the one that was to; `nil` for none.
  package func fail(_ fault: Fault?) {
    state.withLock { $0.fault = fault }
  }

  /// Notes a step of the test in the record.
  package func mark(_ number: Int) {
    state.withLock { $0.changes.append(.mark(number)) }
  }

  // Counts the call; gives the error where it is the one that fails.
  private static func failure(_ state: inout State, _ action: String) -> IndexError? {
    defer { state.calls += 1 }
    guard let fault = state.fault, fault.call == state.calls else { return nil }
    return IndexError(fault.code, "cannot \(action): injected", path: "faulty")
  }

  private func change<Value: Sendable>(
    _ action: String,
    _ body: @Sendable (inout State) -> Result<Value, IndexError>
  ) throws(IndexError) -> Value {
    try state.withLock { state -> Result<Value, IndexError> in
      if let error = Self.failure(&state, action) { return .failure(error) }
      return body(&state)
    }.get()
  }

  package func list() throws(IndexError) -> [String] {
    try change("list the folder") { .success(Array($0.names.keys)) }
  }

  package func create(_ name: String) throws(IndexError) -> any StorageOutput {
    let file = try change("create the file") { state -> Result<Int, IndexError> in
      guard state.names[name] == nil else {
        return .failure(IndexError(.alreadyExists, "it is already there", path: name))
      }
      let file = state.files.count
      state.files.append([])
      state.names[name] = file
      state.changes.append(.create(name: name, file: file))
      return .success(file)
    }
    return Output(self, file: file, path: path(of: name))
  }

  package func open(_ name: String) throws(IndexError) -> MappedBytes {
    let path = path(of: name)
    return try change("open the file") { state -> Result<MappedBytes, IndexError> in
      guard let file = state.names[name] else {
        return .failure(IndexError(.notFound, "there is no such file", path: path))
      }
      return .success(MappedBytes(copying: state.files[file], path: path))
    }
  }

  package func rename(_ from: String, to: String) throws(IndexError) {
    try change("rename the file") { state -> Result<Void, IndexError> in
      guard let file = state.names.removeValue(forKey: from) else {
        return .failure(IndexError(.notFound, "there is no such file", path: from))
      }
      state.names[to] = file
      state.changes.append(.rename(from: from, to: to))
      return .success(())
    }
  }

  package func remove(_ name: String) throws(IndexError) {
    try change("remove the file") { state -> Result<Void, IndexError> in
      guard state.names.removeValue(forKey: name) != nil else {
        return .failure(IndexError(.notFound, "there is no such file", path: name))
      }
      state.changes.append(.remove(name: name))
      return .success(())
    }
  }

  package func synchronize() throws(IndexError) {
    try change("synchronize the folder") { state -> Result<Void, IndexError> in
      state.changes.append(.synchronizeNames)
      return .success(())
    }
  }

  package func lock(waitingUpTo seconds: Double) throws(IndexError) -> WriterLock {
    try change("lock the folder") { state -> Result<Void, IndexError> in
      guard !state.isLocked else {
        return .failure(IndexError(.locked, "locked by another writer", path: "faulty"))
      }
      state.isLocked = true
      return .success(())
    }
    return WriterLock { [self] in state.withLock { $0.isLocked = false } }
  }

  fileprivate func write(_ bytes: [UInt8], to file: Int) throws(IndexError) {
    try state.withLock { state -> Result<Void, IndexError> in
      let error = Self.failure(&state, "write to the file")
      // A write that fails may have written a part.
      let written = error == nil ? bytes : Array(bytes.prefix(bytes.count / 2))
      state.files[file] += written
      state.changes.append(.write(file: file, bytes: written))
      return error.map { .failure($0) } ?? .success(())
    }.get()
  }

  fileprivate func synchronize(file: Int) throws(IndexError) {
    try state.withLock { state -> Result<Void, IndexError> in
      if let error = Self.failure(&state, "synchronize the file") {
        state.poisoned.insert(file)
        return .failure(error)
      }
      if !state.poisoned.contains(file) { state.changes.append(.synchronize(file: file)) }
      return .success(())
    }.get()
  }

  private final class Output: StorageOutput {
    private let directory: FaultInjectingDirectory
    private let file: Int
    let path: String
    private(set) var position: UInt64 = 0
    // As of a real file, small writes wait for a larger one.
    private var buffer: [UInt8] = []
    private static let capacity = 512

    init(_ directory: FaultInjectingDirectory, file: Int, path: String) {
      self.directory = directory
      self.file = file
      self.path = path
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(IndexError) {
      buffer.append(contentsOf: bytes)
      position += UInt64(bytes.count)
      if buffer.count >= Self.capacity { try flush() }
    }

    func synchronize() throws(IndexError) {
      try flush()
      try directory.synchronize(file: file)
    }

    func endWriting() throws(IndexError) {
      try flush()
    }

    func close() throws(IndexError) {
      try flush()
    }

    private func flush() throws(IndexError) {
      guard !buffer.isEmpty else { return }
      defer { buffer.removeAll() }
      try directory.write(buffer, to: file)
    }
  }
}
