// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The variables and the folder the process was started with.
enum Environment {
  /// The value of a variable; `nil` where it is unset or empty.
  static func value(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The absolute path of the current folder.
  static func currentDirectory() throws(SystemError) -> String {
    guard let path = getcwd(nil, 0) else { throw .last }
    defer { free(path) }
    return String(cString: path)
  }

  /// Ends the process at once, without running any cleanup.
  static func exit(_ status: Int32) -> Never {
    _exit(status)
  }
}
