// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct FileTests {
  @Test func `errors of the system get codes of their own`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    #expect(#expect(throws: IndexError.self) { try directory.open("absent") }?.code == .notFound)
    try directory.write("there", [1])
    #expect(
      #expect(throws: IndexError.self) { try directory.create("there") }?.code == .alreadyExists)
    #expect(#expect(throws: IndexError.self) { try directory.remove("absent") }?.code == .notFound)
    #expect(
      #expect(throws: IndexError.self) { try FileDirectory(temporary.path + "/no").list() }?.code
        == .notFound)
    // The numbers of Linux and Darwin agree for these.
    let codes: [(Int32, IndexError.Code)] = [
      (28, .outOfSpace), (24, .outOfResources), (12, .outOfResources), (13, .notPermitted),
      (30, .notPermitted), (5, .io),
    ]
    for (number, code) in codes {
      #expect(SystemError.error(number, "test", path: nil).code == code)
    }
  }

  @Test func `a folder or a device is not taken for a file`() throws {
    let temporary = try TemporaryDirectory()
    try FileSystem.createDirectory(temporary.path + "/a/b")
    #expect(throws: IndexError.self) { try temporary.directory.open("a") }
    #expect(throws: IndexError.self) { try MappedFile("/dev/null") }
  }

  @Test func `a mapping outlives the name of its file`() throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.directory
    try directory.write("file", [1, 2, 3])
    let mapped = try directory.open("file")
    try directory.remove("file")
    #expect(mapped.withBytes { Array($0) } == [1, 2, 3])
    mapped.advise(.willNeed, mapped.bytes)
    try directory.write("empty", [])
    #expect(try directory.bytes(of: "empty").isEmpty)
  }

  @Test func `threads run, end and hand over what they made`() throws {
    let sum = Monitor(0)
    let threads = try (1...8).map { number in
      try Thread(name: "adder") { sum.withLock { $0 += number } }
    }
    #expect(sum.wait { $0 == 36 ? $0 : nil } == 36)
    for thread in threads { thread.join() }
    #expect(System.availableCores >= 1)
    #expect(System.pageSize >= 4096)
  }
}
