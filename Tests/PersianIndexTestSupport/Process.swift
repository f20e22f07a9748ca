// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// What the system says about this process; 0 where it does not say.
package enum Process {
  /// The number of open descriptors.
  package static var openDescriptors: Int { (try? FileSystem.list("/dev/fd").count) ?? 0 }

  /// The bytes of memory in use.
  package static var residentMemory: Int { kibibytes(after: "VmRSS:") << 10 }

  /// The most bytes of memory that have been in use at a time.
  package static var peakMemory: Int { kibibytes(after: "VmHWM:") << 10 }

  private static func kibibytes(after name: String) -> Int {
    var buffer = [UInt8](repeating: 0, count: 8192)
    guard let file = try? File.open("/proc/self/status") else { return 0 }
    let count = buffer.withUnsafeMutableBytes { (try? file.read(into: $0, at: 0)) ?? 0 }
    for line in String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n") {
      guard line.hasPrefix(name) else { continue }
      return Int(line.dropFirst(name.count).filter(\.isNumber)) ?? 0
    }
    return 0
  }
}
