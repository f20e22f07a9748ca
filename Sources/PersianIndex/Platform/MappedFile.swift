// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A whole file mapped into memory for reading; unmapped when it is released.
///
/// The mapping outlives the removal of the file's name. Whoever shortens the file itself ends the
/// process with a bus error, so published files of an index are never truncated.
package final class MappedFile: @unchecked Sendable {
  // Sendable: both properties are constant, and nobody writes to the mapping.

  /// The bytes; empty for an empty file.
  package let bytes: UnsafeRawBufferPointer

  /// How the bytes will be read.
  package enum Advice: Sendable {
    case normal
    case random
    case willNeed
  }

  /// Maps the regular file at a path.
  package init(_ path: String) throws(IndexError) {
    let file = try File.open(path)
    let size = try file.size()
    guard size <= UInt64(Int.max) else {
      throw IndexError(.outOfResources, "the file is too large to be mapped", path: path)
    }
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let start = mmap(nil, Int(size), PROT_READ, MAP_SHARED, file.descriptor, 0)
    guard let start, start != MAP_FAILED else {
      throw SystemError.last("map the file", path: path)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(size))
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// Tells the system how a part of the bytes will be read; wrong advice costs only time.
  package func advise(_ advice: Advice, _ part: UnsafeRawBufferPointer) {
    guard let start = part.baseAddress, let base = bytes.baseAddress, start >= base else { return }
    let misaligned = (start - base) % System.pageSize
    let flag =
      switch advice {
      case .normal: MADV_NORMAL
      case .random: MADV_RANDOM
      case .willNeed: MADV_WILLNEED
      }
    madvise(
      UnsafeMutableRawPointer(mutating: start - misaligned), part.count + misaligned, Int32(flag))
  }
}
