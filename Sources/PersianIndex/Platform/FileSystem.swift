// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The operations on names of the operating system's file system.
package enum FileSystem {
  /// Whether there is a file or folder at a path that this process may see.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Whether there is a folder at a path.
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Creates a folder and those above it; a folder that is there already is accepted.
  package static func createDirectory(_ path: String) throws(IndexError) {
    if mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) { return }
    let number = errno
    guard number == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw SystemError.error(number, "create the folder", path: path)
    }
    try createDirectory(String(path[..<slash]))
    if mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) { return }
    throw SystemError.last("create the folder", path: path)
  }

  /// Returns the names in a folder, in no order, without "." and "..".
  package static func list(_ path: String) throws(IndexError) -> [String] {
    guard let folder = opendir(path) else {
      throw SystemError.last("list the folder", path: path)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        if errno != 0 { throw SystemError.last("list the folder", path: path) }
        return names
      }
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
      let text = String(cString: name)
      if text != ".", text != ".." { names.append(text) }
    }
  }

  /// Gives a file another name in one step; what had that name before is gone.
  package static func rename(_ from: String, to: String) throws(IndexError) {
    while unsafeRename(from, to) != 0 {
      if errno != EINTR { throw SystemError.last("rename the file", path: from) }
    }
  }

  /// Removes a file; mappings of it stay valid.
  package static func remove(_ path: String) throws(IndexError) {
    guard unlink(path) == 0 else { throw SystemError.last("remove the file", path: path) }
  }

  /// Removes an empty folder.
  package static func removeDirectory(_ path: String) throws(IndexError) {
    guard rmdir(path) == 0 else { throw SystemError.last("remove the folder", path: path) }
  }

  /// Waits until the names in a folder are on the medium.
  package static func synchronizeDirectory(_ path: String) throws(IndexError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last("open the folder", path: path) }
    defer { _ = close(descriptor) }
    while fsync(descriptor) != 0 {
      switch errno {
      case EINTR: continue
      case EINVAL, ENOTSUP: return  // a file system without such a thing, as over a network
      default: throw SystemError.last("synchronize the folder", path: path)
      }
    }
  }
}

private func unsafeRename(_ from: String, _ to: String) -> Int32 {
  rename(from, to)
}
