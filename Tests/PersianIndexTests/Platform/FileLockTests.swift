// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

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

  @Test func `a lock that is a link to another file is refused and the file untouched`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    try directory.write("precious", [1, 2, 3])
    #expect(
      symlink(temporary.path + "/precious", temporary.path + "/" + FileDirectory.lockName) == 0)
    #expect(
      #expect(throws: IndexError.self) { try directory.lock(waitingUpTo: 0) }?.code
        == .notPermitted)
    #expect(try directory.bytes(of: "precious") == [1, 2, 3])
  }

  @Test func `a lock file with nonsense in it is no obstacle`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    try directory.write(FileDirectory.lockName, Array("999999999999 x y z".utf8))
    let lock = try directory.lock(waitingUpTo: 0)
    withExtendedLifetime(lock) {}
  }
}
