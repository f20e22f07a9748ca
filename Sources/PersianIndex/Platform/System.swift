// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Facts about the machine and this process.
package enum System {
  /// The bytes of a page of memory.
  package static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// How many threads can run at once, at least 1.
  package static var availableCores: Int {
    max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// The number of this process.
  package static var processIdentifier: Int32 { getpid() }

  /// Whether a process of that number is running.
  package static func isRunning(process: Int32) -> Bool {
    kill(process, 0) == 0 || errno == EPERM
  }

  /// The seconds since the start of 1970, UTC.
  package static var secondsSince1970: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec)
  }

  /// Lets this thread wait.
  package static func sleep(milliseconds: Int) {
    var duration = timespec(
      tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    var rest = timespec()
    while nanosleep(&duration, &rest) != 0, errno == EINTR { duration = rest }
  }

  /// Takes memory that is released with `deallocate()`, in large pages where the system has them.
  ///
  /// Memory that is used in no order takes a miss of the address cache at every access otherwise.
  ///
  /// - Parameter byteCount: The number of bytes.
  /// - Returns: The memory, not initialised; bytes never written take no room.
  package static func allocateLarge(byteCount: Int) -> UnsafeMutableRawPointer {
    let largePage = 2 << 20
    guard byteCount >= 2 * largePage else {
      return .allocate(byteCount: byteCount, alignment: 64)
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: largePage)
    #if os(Linux)
      // It is only advice: without it everything works as well, just slower.
      madvise(memory, byteCount / largePage * largePage, MADV_HUGEPAGE)
    #endif
    return memory
  }

  /// Returns the value of an environment variable; `nil` where it is not set.
  package static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
