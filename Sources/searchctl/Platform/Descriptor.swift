// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of the operating system; the owner closes it.
struct Descriptor: Sendable {
  let number: Int32

  static let standardInput = Descriptor(number: 0)
  static let standardOutput = Descriptor(number: 1)
  static let standardError = Descriptor(number: 2)

  /// Opens a file for reading; it is not handed on to child processes.
  static func open(_ path: String) throws(SystemError) -> Descriptor {
    // A named pipe must not block the walk over a folder, hence O_NONBLOCK.
    let number = path.withCString { sys_open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard number >= 0 else { throw .last }
    return Descriptor(number: number)
  }

  /// Reads at most `buffer.count` bytes.
  ///
  /// - Returns: The number of bytes read; 0 at the end of the file.
  /// - Throws: What the system said; ``SystemError/interrupted`` where the command is to stop.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      Signals.waitForInput(self)
      if Signals.isInterrupted { throw .interrupted }
      let count = sys_read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .last }
    }
  }

  /// Reads everything up to the end.
  ///
  /// - Parameters:
  ///   - expected: How much will come, where that is known; it only saves memory.
  ///   - limit: The most bytes that are read.
  /// - Returns: The bytes; one more than `limit` where there is more than that.
  /// - Throws: What the system said.
  func readToEnd(expected: Int = 0, limit: Int = Int.max - 1) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var capacity = min(max(expected, 1 << 14), limit) + 1
    while true {
      let start = bytes.count
      var failure: SystemError?
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        do throws(SystemError) {
          count = try read(into: UnsafeMutableRawBufferPointer(buffer))
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      if chunk.isEmpty { return bytes }
      if start == 0 { bytes = chunk } else { bytes += chunk }
      if bytes.count > limit { return bytes }
      capacity = min(1 << 18, limit - bytes.count + 1)
    }
  }

  /// Writes all bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = sys_write(number, rest.baseAddress, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  func close() {
    _ = sys_close(number)
  }

  /// Where the next byte is read, also by a program that the file was given to; `nil` for pipes.
  var position: Int64? {
    let offset = lseek(number, 0, SEEK_CUR)
    return offset < 0 ? nil : Int64(offset)
  }

  /// Moves to the byte that is read next.
  ///
  /// - Returns: `false` where the file is read only in its order, as a pipe is.
  func move(to position: Int64) -> Bool { lseek(number, off_t(position), SEEK_SET) >= 0 }

  /// Whether a terminal is at the other end.
  var isTerminal: Bool { isatty(number) == 1 }

  /// The width of the terminal in cells; `nil` where there is none or it does not say.
  var terminalWidth: Int? {
    var size = winsize()
    guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

private func sys_open(_ path: UnsafePointer<CChar>, _ flags: Int32) -> Int32 { open(path, flags) }

private func sys_read(_ number: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(number, buffer, count)
}

private func sys_write(_ number: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(number, buffer, count)
}

private func sys_close(_ number: Int32) -> Int32 { close(number) }
