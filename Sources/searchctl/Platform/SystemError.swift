// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A failure reported by the operating system.
struct SystemError: Error, CustomStringConvertible {
  /// The system's number of the error.
  let number: Int32

  static let interrupted = SystemError(number: EINTR)

  /// The error of the call that just failed.
  static var last: SystemError { SystemError(number: errno) }

  var isNotFound: Bool { number == ENOENT || number == ENOTDIR }
  var isBrokenPipe: Bool { number == EPIPE }

  /// The system's own words, beginning with a small letter.
  var description: String {
    let text = String(cString: strerror(number))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
