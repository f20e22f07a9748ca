// SPDX-License-Identifier: Apache-2.0

/// A line on the terminal that tells how far a long command is; nothing elsewhere.
struct Progress {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant
  private var hasLine = false
  /// The share that an earlier run had done.
  private var firstShare: Double?

  init(isQuiet: Bool) {
    isShown = !isQuiet && Descriptor.standardError.isTerminal
    last = start
  }

  /// Shows the state, at most ten times a second.
  ///
  /// - Parameters:
  ///   - done: How many documents were read.
  ///   - share: The part of the work that is done, 0 to 1; `nil` where the whole is not known.
  mutating func update(done: Int, share: Double?) {
    guard isShown else { return }
    if firstShare == nil { firstShare = share }
    guard done & 0xF == 0 else { return }
    let now = ContinuousClock.now
    guard now - last >= .milliseconds(100) else { return }
    last = now
    let elapsed = Self.seconds(now - start)
    var line = "\(done) documents, \(Int(Double(done) / max(elapsed, 0.001)))/s"
    if let share, share > 0 {
      line = "\(Int(share * 100)) %  " + line
      let gained = share - (firstShare ?? 0)
      if share < 1, gained > 0, elapsed > 1 {
        line += ", \(Self.clock(elapsed * (1 - share) / gained)) left"
      }
    }
    if let memory = Memory.resident { line += ", \(memory >> 20) MiB" }
    show(line)
  }

  /// Shows what is being done where there is no number to it.
  mutating func update(_ text: String) {
    if isShown { show(text) }
  }

  /// Removes the line, so that other messages begin on an empty one.
  mutating func clear() {
    guard hasLine else { return }
    hasLine = false
    Self.write("\r\u{1B}[K")
  }

  private mutating func show(_ line: String) {
    hasLine = true
    let width = Descriptor.standardError.terminalWidth ?? 80
    Self.write("\r" + line.prefix(width - 1) + "\u{1B}[K")
  }

  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { try? Descriptor.standardError.write(UnsafeRawBufferPointer($0)) }
  }

  private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    let rest = whole % 60
    return "\(whole / 60):" + (rest < 10 ? "0" : "") + "\(rest)"
  }
}
