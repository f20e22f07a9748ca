// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The names in a folder of the file system.
enum Folder {
  /// Returns the names in the order of their bytes, without `.` and `..`.
  ///
  /// - Returns: The names, and how many were left out because they are not UTF-8.
  static func names(at path: String) throws(SystemError) -> (names: [String], unreadable: Int) {
    guard let folder = opendir(path) else { throw .last }
    defer { closedir(folder) }
    var names: [String] = []
    var unreadable = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(validatingCString: $0) }
      }
      guard let name else {
        unreadable += 1
        continue
      }
      if name != "." && name != ".." { names.append(name) }
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (names, unreadable)
  }

  /// Removes the files of an index, and the folder where nothing else is in it.
  static func removeIndex(at path: String) {
    for name in (try? names(at: path).names) ?? []
    where name == "LOCK" || name.hasPrefix("manifest-") || name.hasPrefix("segment-") {
      unlink(PathName.join(path, name))
    }
    rmdir(path)
  }
}
