// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the process meets signals.
enum Signals {
  private static let received = Atomic<Int32>(0)
  /// The writing end of a pipe that wakes whoever waits for input: a signal can meet any thread, and
  /// only the thread that it meets has its system call interrupted.
  private static let wakingEnd = Atomic<Int32>(-1)
  private static let wakenEnd = Atomic<Int32>(-1)

  /// Lets a write to a closed pipe fail instead of killing the process.
  static func ignoreClosedPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// From now on the first SIGINT, SIGTERM or SIGHUP is only remembered, for the command to stop
  /// where its work is whole; a second one kills at once.
  static func catchInterrupts() {
    // The atomics must exist before a handler can run.
    received.store(0, ordering: .relaxed)
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      wakenEnd.store(ends[0], ordering: .relaxed)
      wakingEnd.store(ends[1], ordering: .relaxed)
    }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      let handler: @convention(c) (Int32) -> Void = { number in
        Signals.received.store(number, ordering: .relaxed)
        var byte: UInt8 = 0
        _ = write(Signals.wakingEnd.load(ordering: .relaxed), &byte, 1)
      }
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
      #else
        action.__sigaction_handler.sa_handler = handler
      #endif
      // A signal that was ignored from outside (`nohup`) stays ignored.
      var present = sigaction()
      sigaction(number, nil, &present)
      #if canImport(Darwin)
        let ignored = unsafeBitCast(present.__sigaction_u.__sa_handler, to: Int.self) == 1
      #else
        let ignored = unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self) == 1
      #endif
      if !ignored { sigaction(number, &action, nil) }
    }
  }

  /// Waits until a descriptor can be read or an interrupt comes.
  static func waitForInput(_ descriptor: Descriptor) {
    let end = wakenEnd.load(ordering: .relaxed)
    guard end >= 0 else { return }
    var waiting = [
      pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: end, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&waiting, 2, -1)
  }

  /// Whether an interrupt is waiting to be obeyed.
  static var isInterrupted: Bool { received.load(ordering: .relaxed) != 0 }

  /// Takes an interrupt for received that came as a key.
  static func interrupt() { received.store(SIGINT, ordering: .relaxed) }

  /// Throws ``Interrupted`` where an interrupt is waiting.
  static func check() throws(Interrupted) {
    if isInterrupted { throw Interrupted() }
  }

  /// Ends the process by the signal it received, so that its caller sees the interrupt.
  static func reraise() -> Never {
    let number = received.load(ordering: .relaxed)
    _ = signal(number, SIG_DFL)
    raise(number)
    _exit(128 + number)
  }
}
