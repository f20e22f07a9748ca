// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// A directory in memory in which new segment files stand still when told to, or for random times.
///
/// With it a test chooses what comes between the beginning and the end of a merge.
package final class SteeredDirectory: StorageDirectory {
  private enum Hold {
    case none, next, underWay
  }

  private struct State {
    var hold = Hold.none
    var generator: SeededGenerator?
  }

  private let memory = MemoryDirectory()
  private let state: Monitor<State>

  /// - Parameter seed: Where random waiting times come from; `nil` for none.
  package init(delaysFrom seed: UInt64? = nil) {
    state = Monitor(State(generator: seed.map { SeededGenerator(seed: $0) }))
  }

  package var path: String { memory.path }

  /// Holds up the next segment file that is created.
  package func hold() {
    state.withLock { $0.hold = .next }
  }

  /// Waits until a segment file is held up.
  package func waitUntilHeld() {
    state.wait { $0.hold == .underWay ? () : nil }
  }

  /// Lets it go on.
  package func release() {
    state.withLock { $0.hold = .none }
  }

  package func create(_ name: String) throws(IndexError) -> any StorageOutput {
    let output = try memory.create(name)
    guard case .segment? = IndexFileName(name) else { return output }
    let (delay, isHeld) = state.withLock { state in
      let isHeld = state.hold == .next
      if isHeld { state.hold = .underWay }
      return (state.generator?.nextDelay(), isHeld)
    }
    if let delay { System.sleep(milliseconds: delay) }
    if isHeld { state.wait { $0.hold == .underWay ? nil : () } }
    return output
  }

  package func list() throws(IndexError) -> [String] { try memory.list() }
  package func open(_ name: String) throws(IndexError) -> MappedBytes { try memory.open(name) }
  package func remove(_ name: String) throws(IndexError) { try memory.remove(name) }
  package func synchronize() throws(IndexError) { try memory.synchronize() }

  package func rename(_ from: String, to: String) throws(IndexError) {
    try memory.rename(from, to: to)
  }

  package func lock(waitingUpTo seconds: Double) throws(IndexError) -> WriterLock {
    try memory.lock(waitingUpTo: seconds)
  }
}

extension SeededGenerator {
  // Mostly nothing, and sometimes so long that the other threads get far.
  fileprivate mutating func nextDelay() -> Int? {
    switch Int.random(in: 0..<8, using: &self) {
    case 0: Int.random(in: 5...30, using: &self)
    case 1...2: 1
    default: nil
    }
  }
}
