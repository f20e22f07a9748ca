// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a terminal key by key, and leaves it as it was.
struct TerminalMode {
  private let before: termios

  /// Turns off lines, echo and signals from keys; `nil` where standard input is no terminal.
  init?() {
    var mode = termios()
    guard tcgetattr(0, &mode) == 0 else { return nil }
    before = mode
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    mode.c_iflag &= ~tcflag_t(IXON | ICRNL)
    guard tcsetattr(0, TCSANOW, &mode) == 0 else { return nil }
  }

  /// Puts the terminal back.
  func restore() {
    var mode = before
    tcsetattr(0, TCSANOW, &mode)
  }

  /// Whether a key is waiting already.
  var hasInput: Bool {
    var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) > 0
  }

  /// The height and width of the terminal in cells.
  var size: (rows: Int, columns: Int) {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }
}
