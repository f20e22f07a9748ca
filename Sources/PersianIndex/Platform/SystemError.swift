// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Turns the error numbers of the operating system into errors of the library.
package enum SystemError {
  /// Makes the error for a failed system call.
  ///
  /// - Parameters:
  ///   - number: The value of `errno` after the call.
  ///   - action: What was tried, as in "write the file".
  ///   - path: The file or folder concerned.
  /// - Returns: An error whose code tells the kind of failure.
  package static func error(_ number: Int32, _ action: String, path: String?) -> IndexError {
    let (code, reason) = meaning(of: number)
    return IndexError(code, "cannot \(action): \(reason)", path: path)
  }

  /// Makes the error for the system call that has just failed on this thread.
  static func last(_ action: String, path: String?) -> IndexError {
    error(errno, action, path: path)
  }

  // The texts are our own: strerror differs between platforms and its thread-safe form between
  // libraries.
  private static func meaning(of number: Int32) -> (IndexError.Code, String) {
    switch number {
    case ENOENT, ENOTDIR: (.notFound, "there is no such file or folder")
    case EEXIST, ENOTEMPTY: (.alreadyExists, "it is already there")
    case ENOSPC: (.outOfSpace, "the device is full; free some space and try again")
    case EDQUOT: (.outOfSpace, "the disk quota is used up; free some space and try again")
    case EFBIG: (.outOfSpace, "the file would exceed the largest size allowed")
    case EMFILE: (.outOfResources, "this process has too many open files; raise its limit")
    case ENFILE: (.outOfResources, "the system has too many open files")
    case ENOMEM: (.outOfResources, "there is no memory or mapping left; raise the limits")
    case EAGAIN: (.outOfResources, "a resource is exhausted for the moment; try again")
    case EACCES, EPERM: (.notPermitted, "permission denied")
    case EROFS: (.notPermitted, "the file system is read-only")
    case ELOOP: (.notPermitted, "it is a symbolic link")
    case EISDIR: (.io, "it is a folder")
    case ENOLCK, ENOTSUP:
      (.io, "the file system does not offer it; keep the index on a local one")
    case EIO: (.io, "the device reports an input/output error")
    case ENAMETOOLONG: (.invalidArgument, "the name is too long")
    default: (.io, "the system reports error \(number)")
    }
  }
}
