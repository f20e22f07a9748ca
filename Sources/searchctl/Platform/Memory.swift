// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much memory the process uses.
enum Memory {
  /// The most bytes that were resident so far; `nil` where the system does not say.
  static var resident: Int? {
    var usage = rusage()
    #if canImport(Glibc)
      let itself = Int32(RUSAGE_SELF.rawValue)
    #else
      let itself = RUSAGE_SELF
    #endif
    guard getrusage(itself, &usage) == 0 else { return nil }
    // Linux counts kibibytes, Apple's systems bytes.
    #if canImport(Darwin)
      return Int(usage.ru_maxrss)
    #else
      return Int(usage.ru_maxrss) << 10
    #endif
  }
}
