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

  /// Lets a write to a closed pipe fail instead of killing the process.
  static func ignoreClosedPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// From now on the first SIGINT, SIGTERM or SIGHUP is only remembered, for the command to stop
  /// where its work is whole; a second one kills at once.
  static func catchInterrupts() {
    // The atomic must exist before a handler can run.
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      let handler: @convention(c) (Int32) -> Void = { number in
        Signals.received.store(number, ordering: .relaxed)
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

  /// Whether an interrupt is waiting to be obeyed.
  static var isInterrupted: Bool { received.load(ordering: .relaxed) != 0 }

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
