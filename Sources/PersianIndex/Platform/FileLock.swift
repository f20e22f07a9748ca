// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An exclusive lock on a file, which the system releases when its process ends in any way.
///
/// The lock belongs to the open file, so a second one in the same process is refused as well. The
/// file holds the number of the owning process and the time, for messages only; it is never
/// removed, because removing it would let two owners lock two files of one name.
package final class FileLock: Sendable {
  private let file: File

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - path: The lock file; created where it does not exist.
  ///   - seconds: How long to wait for another owner; 0 to try once.
  /// - Throws: `locked`, with the owner's process and time; `notPermitted` on read-only media.
  package init(_ path: String, waitingUpTo seconds: Double) throws(IndexError) {
    file = try File.openOrCreate(path)
    let deadline = MonotonicClock.nanoseconds + UInt64(max(0, min(seconds, 1e9)) * 1e9)
    var pause = 1
    while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
      let number = errno
      if number == EINTR { continue }
      guard number == EWOULDBLOCK else {
        throw SystemError.error(number, "lock the file", path: path)
      }
      if MonotonicClock.nanoseconds >= deadline {
        throw IndexError(
          .locked, "locked by \(Self.owner(in: file)); wait for it or end it", path: path)
      }
      System.sleep(milliseconds: pause)
      pause = min(pause * 2, 50)
    }
    let text = "\(System.processIdentifier) \(System.secondsSince1970)\n"
    try file.resize(to: 0)
    try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(IndexError) in
      try file.write(UnsafeRawBufferPointer(bytes), at: 0)
    }
  }

  deinit {
    _ = flock(file.descriptor, LOCK_UN)
  }

  private static func owner(in file: File) -> String {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count =
      buffer.withUnsafeMutableBytes { (bytes) -> Int in
        (try? file.read(into: bytes, at: 0)) ?? 0
      }
    let words = buffer.prefix(count).split { $0 == 0x20 || $0 == 0x0a }
    guard words.count == 2,
      let process = Int32(String(decoding: words[0], as: UTF8.self)),
      let time = Int64(String(decoding: words[1], as: UTF8.self)),
      (0...253_402_300_799).contains(time)
    else { return "another writer" }
    let name =
      process == System.processIdentifier ? "another writer of this process" : "process \(process)"
    return "\(name) since \(UTCTime(secondsSince1970: time))"
  }
}
