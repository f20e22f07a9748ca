// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct FileLockTests {
  @Test func `a second lock is refused and names its owner`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    let lock = try directory.lock(waitingUpTo: 0)
    let error = #expect(throws: IndexError.self) { try directory.lock(waitingUpTo: 0.01) }
    #expect(error?.code == .locked)
    #expect(error?.message.contains("locked by another writer of this process since 20") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func `a released lock can be taken again though its file stays`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    do {
      let lock = try directory.lock(waitingUpTo: 0)
      withExtendedLifetime(lock) {}
    }
    #expect(try directory.list() == [FileDirectory.lockName])
    _ = try directory.lock(waitingUpTo: 0)
  }

  @Test func `whoever waits gets the lock once it is free`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    let first = Monitor<WriterLock?>(try directory.lock(waitingUpTo: 0))
    let thread = try Thread(name: "release") {
      System.sleep(milliseconds: 20)
      first.withLock { $0 = nil }
    }
    _ = try directory.lock(waitingUpTo: 30)
    thread.join()
  }

  @Test func `a lock file with nonsense in it is no obstacle`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    try directory.write(FileDirectory.lockName, Array("999999999999 x y z".utf8))
    let lock = try directory.lock(waitingUpTo: 0)
    withExtendedLifetime(lock) {}
  }
}
