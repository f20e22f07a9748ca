// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Removes the files of an earlier index, and nothing that does not look like one of them.
func removeIndex(at path: String) throws(Failure) {
  guard let folder = opendir(path) else { return }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name == "LOCK" || name.hasPrefix("manifest-") || name.hasPrefix("segment-") {
      names.append(name)
    }
  }
  for name in names where unlink("\(path)/\(name)") != 0 {
    throw Failure("cannot remove \(path)/\(name)")
  }
}
