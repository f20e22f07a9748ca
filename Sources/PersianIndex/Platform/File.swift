// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An open file of the operating system; closed when it is released at the latest.
///
/// Safe to use from any thread, one at a time for writing. Every call blocks on the device, and an
/// interruption by a signal is retried.
package final class File: Sendable {
  /// The path it was opened by.
  package let path: String
  let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    _ = close(descriptor)
  }

  /// Creates a file that must not exist yet, for writing.
  package static func create(_ path: String) throws(IndexError) -> File {
    try open(path, flags: O_RDWR | O_CREAT | O_EXCL, action: "create the file")
  }

  /// Opens a file for reading and writing, and creates it where it does not exist.
  ///
  /// A symbolic link is refused: in a folder from a stranger it could lead anywhere.
  package static func openOrCreate(_ path: String) throws(IndexError) -> File {
    try regular(
      open(
        path, flags: O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK,
        action: "open the file for writing"))
  }

  /// Opens a file for reading; only a regular file is accepted.
  package static func open(_ path: String) throws(IndexError) -> File {
    try regular(open(path, flags: O_RDONLY | O_NONBLOCK, action: "open the file"))
  }

  // A named pipe would block whoever opens or reads it, and a device has no size.
  private static func regular(_ file: File) throws(IndexError) -> File {
    guard try file.status().st_mode & S_IFMT == S_IFREG else {
      throw IndexError(.io, "it is not a regular file", path: file.path)
    }
    return file
  }

  private static func open(
    _ path: String, flags: Int32, action: String
  ) throws(IndexError) -> File {
    while true {
      let descriptor = unsafeOpen(path, flags | O_CLOEXEC)
      if descriptor >= 0 { return File(path: path, descriptor: descriptor) }
      if errno != EINTR { throw SystemError.last(action, path: path) }
    }
  }

  /// Returns the size of the file in bytes.
  package func size() throws(IndexError) -> UInt64 {
    UInt64(try status().st_size)
  }

  private func status() throws(IndexError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw SystemError.last("examine the file", path: path)
    }
    return status
  }

  /// Writes all bytes at an offset from the start of the file.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(IndexError) {
    var written = 0
    while written < bytes.count {
      // Some systems refuse more than 2 GiB in one call.
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...].prefix(1 << 30))
      let count = pwrite(
        descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        throw SystemError.error(
          count == 0 ? ENOSPC : errno, "write to the file", path: path)
      }
    }
  }

  /// Reads up to `buffer.count` bytes at an offset; fewer at the end of the file.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(IndexError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
      if count > 0 {
        done += count
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw SystemError.last("read the file", path: path)
      }
    }
    return done
  }

  /// Cuts or extends the file; only for files that nobody maps, such as the lock.
  func resize(to size: UInt64) throws(IndexError) {
    while ftruncate(descriptor, off_t(size)) != 0 {
      if errno != EINTR { throw SystemError.last("resize the file", path: path) }
    }
  }

  /// Waits until everything written is on the medium, not only in the drive's cache.
  ///
  /// After an error the bytes may be lost though later calls succeed: write them to a new file.
  package func synchronize() throws(IndexError) {
    #if canImport(Darwin)
      // fsync of Darwin leaves the data in the drive's cache. Not every volume has F_FULLFSYNC.
      var result = fcntl(descriptor, F_FULLFSYNC)
      while result != 0, errno == EINTR { result = fcntl(descriptor, F_FULLFSYNC) }
      if result == 0 { return }
      guard errno == ENOTSUP || errno == EINVAL || errno == ENOTTY else {
        throw SystemError.last("synchronize the file", path: path)
      }
    #endif
    while fsync(descriptor) != 0 {
      if errno != EINTR { throw SystemError.last("synchronize the file", path: path) }
    }
  }
}

// The variadic `open` under a name that does not collide with the static method.
private func unsafeOpen(_ path: String, _ flags: Int32) -> Int32 {
  open(path, flags, 0o666)
}
