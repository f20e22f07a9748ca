// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of its own for one test, removed with everything in it.
final class TemporaryFolder: Sendable {
  let path: String
  private let isOwned: Bool

  /// Stands for a folder that something else removes.
  init(borrowing path: String) {
    self.path = path
    isOwned = false
  }

  init() throws {
    isOwned = true
    let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((root + "/searchctl-test-XXXXXX").utf8CString)
    let made = try #require(mkdtemp(&template))
    let real = try #require(realpath(made, nil))
    path = String(cString: real)
    free(real)
  }

  deinit {
    if isOwned { Self.remove(path) }
  }

  /// Writes a file, making the folders it lies in.
  func write(_ name: String, _ text: String) throws {
    try write(name, bytes: Array(text.utf8))
  }

  func write(_ name: String, bytes: [UInt8]) throws {
    var folder = path
    for part in name.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
    let file = try #require(fopen(path + "/" + name, "w"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  func read(_ name: String) throws -> String {
    let bytes = try Self.bytes(path + "/" + name)
    return String(decoding: bytes, as: UTF8.self)
  }

  func makeFolder(_ name: String) {
    mkdir(path + "/" + name, 0o700)
  }

  func remove(_ name: String) {
    Self.remove(path + "/" + name)
  }

  /// The names in a folder.
  func names(_ name: String) -> [String] {
    guard let folder = opendir(path + "/" + name) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let item = readdir(folder) {
      names.append(
        withUnsafePointer(to: &item.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
        })
    }
    return names
  }

  /// Gives a file the times that it would have if it was made so many seconds ago.
  func setAge(ofFile name: String, seconds: Int) {
    let moment = timeval(tv_sec: time(nil) - seconds, tv_usec: 0)
    utimes(path + "/" + name, [moment, moment])
  }

  /// Makes a symbolic link.
  func link(_ name: String, to target: String) {
    symlink(target, path + "/" + name)
  }

  /// Packs a file with a program of the system.
  func pack(_ name: String, with program: String) throws {
    var words = Tool.list([program, path + "/" + name])
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    try #require(posix_spawnp(&process, program, nil, nil, &words, nil) == 0)
    #expect(Tool.wait(for: process).status == 0)
  }

  func exists(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

  /// The bytes of any file.
  static func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static func remove(_ path: String) {
    var entry = stat()
    guard lstat(path, &entry) == 0 else { return }
    if entry.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) {
      while let item = readdir(folder) {
        let name = withUnsafePointer(to: &item.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
