// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the file system knows of a path.
struct FileInformation: Sendable {
  enum Kind: Sendable {
    case file
    case directory
    case link
    case other
  }

  let kind: Kind
  let sizeInBytes: Int64
  /// When the content last changed, in nanoseconds since 1970.
  let modified: Int64
  /// What tells one file from another, whatever its name.
  let identity: Identity

  struct Identity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
  }

  /// Asks about a path.
  ///
  /// - Parameters:
  ///   - path: A path.
  ///   - followsLinks: Whether a symbolic link stands for what it points to.
  /// - Throws: What the system said, as where there is nothing.
  init(at path: String, followsLinks: Bool = true) throws(SystemError) {
    var entry = stat()
    guard (followsLinks ? stat(path, &entry) : lstat(path, &entry)) == 0 else { throw .last }
    self.init(entry)
  }

  /// Asks about an open file.
  init(of descriptor: Descriptor) throws(SystemError) {
    var entry = stat()
    guard fstat(descriptor.number, &entry) == 0 else { throw .last }
    self.init(entry)
  }

  private init(_ entry: stat) {
    switch entry.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    sizeInBytes = Int64(entry.st_size)
    #if canImport(Darwin)
      let time = entry.st_mtimespec
    #else
      let time = entry.st_mtim
    #endif
    modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    identity = Identity(
      device: UInt64(truncatingIfNeeded: entry.st_dev),
      inode: UInt64(truncatingIfNeeded: entry.st_ino))
  }
}
