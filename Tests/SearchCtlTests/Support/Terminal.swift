// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the tool on a pseudo-terminal.
enum Terminal {
  /// Returns everything that the tool shows, with line feeds as line ends.
  ///
  /// - Parameters:
  ///   - arguments: Its arguments.
  ///   - folder: The current folder of the run.
  ///   - variables: Environment variables beside `PATH`.
  ///   - typing: What is typed, one after the other, each when the tool has drawn its screen.
  /// - Returns: What was shown.
  /// - Throws: Where there is no pseudo-terminal.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, variables: [String: String] = [:],
    typing: [String] = []
  ) throws -> String {
    try session(arguments, in: folder, variables: variables, typing: typing).shown
  }

  /// Returns what ``run(_:in:variables:typing:)`` returns, and the signal that ended the tool; `nil`
  /// where it ended by itself.
  static func session(
    _ arguments: [String], in folder: TemporaryFolder, variables: [String: String] = [:],
    typing: [String] = []
  ) throws -> (shown: String, signal: Int32?) {
    let (master, name) = try open()
    defer { close(master) }
    let slave = openFile(name)
    try #require(slave >= 0)
    var size = winsize(ws_row: 50, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    let process = try Tool.start(
      arguments, in: folder.path, variables: variables, input: slave, output: slave, errors: slave)
    var keys = typing[...]
    let drawn = Array("\u{1B}8".utf8)
    var shown: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let count = read(master, &chunk, chunk.count)
      if count > 0 {
        shown += chunk[..<count]
        if shown.suffix(2).elementsEqual(drawn), let key = keys.popFirst() {
          write(master, Array(key.utf8), key.utf8.count)
        }
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    let signal = Tool.wait(for: process).signal
    return (
      String(decoding: shown.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self), signal
    )
  }

  /// Opens the controlling side and returns it with the name of the other.
  private static func open() throws -> (master: Int32, name: String) {
    #if canImport(Darwin)
      let master = posix_openpt(O_RDWR | O_NOCTTY)
      try #require(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
      return (master, String(cString: try #require(ptsname(master))))
    #else
      let master = openFile("/dev/ptmx")
      try #require(master >= 0)
      var lock: Int32 = 0
      var number: UInt32 = 0
      // The numbers of TIOCSPTLCK and TIOCGPTN, which are macros that Swift does not see.
      try #require(ioctl(master, 0x4004_5431, &lock) == 0)
      try #require(ioctl(master, 0x8004_5430, &number) == 0)
      return (master, "/dev/pts/\(number)")
    #endif
  }
}

private func openFile(_ path: String) -> Int32 { open(path, O_RDWR | O_NOCTTY | O_CLOEXEC) }
