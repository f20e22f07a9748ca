// SPDX-License-Identifier: Apache-2.0

/// Replays the record of a directory change by change, and gives what a crash could leave behind.
///
/// The rules are those of POSIX, read strictly: a file's bytes are durable once the file has been
/// synchronized, a name once the folder has been; of everything else any part may be there.
package struct CrashReplay {
  /// What kind of crash.
  package enum Crash: Sendable {
    /// The process ended: everything handed to the system stays.
    case ofProcess
    /// The power failed: only what was synchronized stays.
    case dropping
    /// The power failed while the system was writing, in an order of its own.
    case tearing(seed: UInt64)
  }

  /// A file as a crash left it, and what says whether it is the same as another one.
  package struct Remains: Hashable, Sendable {
    package let file: Int
    package let length: Int
    /// 0 for the first bytes as they were written; else the seed of the damage.
    package let damage: UInt64
  }

  private enum NameChange {
    case set(String, Int)
    case move(from: String, to: String, Int)
    case remove(String)
  }

  private var contents: [[UInt8]] = []
  private var durableLengths: [Int] = []
  private var names: [String: Int] = [:]
  private var durableNames: [String: Int] = [:]
  private var pendingNames: [NameChange] = []

  package init() {}

  /// Applies the next change.
  package mutating func apply(_ change: FaultInjectingDirectory.Change) {
    switch change {
    case .create(let name, let file):
      while contents.count <= file {
        contents.append([])
        durableLengths.append(0)
      }
      names[name] = file
      pendingNames.append(.set(name, file))
    case .write(let file, let bytes):
      contents[file] += bytes
    case .synchronize(let file):
      durableLengths[file] = contents[file].count
    case .rename(let from, let to):
      guard let file = names.removeValue(forKey: from) else { return }
      names[to] = file
      pendingNames.append(.move(from: from, to: to, file))
    case .remove(let name):
      names[name] = nil
      pendingNames.append(.remove(name))
    case .synchronizeNames:
      durableNames = names
      pendingNames = []
    case .mark:
      break
    }
  }

  /// Returns the names a crash at this point leaves, and what is left of their files.
  package func remains(after crash: Crash) -> [String: Remains] {
    switch crash {
    case .ofProcess:
      return names.mapValues { Remains(file: $0, length: contents[$0].count, damage: 0) }
    case .dropping:
      return durableNames.mapValues { Remains(file: $0, length: durableLengths[$0], damage: 0) }
    case .tearing(let seed):
      var generator = SeededGenerator(seed: seed)
      var left = durableNames
      for change in pendingNames where Bool.random(using: &generator) {
        switch change {
        case .set(let name, let file): left[name] = file
        case .move(let from, let to, let file):
          left[from] = nil
          left[to] = file
        case .remove(let name): left[name] = nil
        }
      }
      // In the order of names, for the same result each time.
      var result: [String: Remains] = [:]
      for (name, file) in left.sorted(by: { $0.key < $1.key }) {
        result[name] = torn(file, using: &generator)
      }
      return result
    }
  }

  private func torn(_ file: Int, using generator: inout SeededGenerator) -> Remains {
    let (durable, whole) = (durableLengths[file], contents[file].count)
    guard durable < whole else { return Remains(file: file, length: whole, damage: 0) }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return Remains(file: file, length: durable, damage: 0)
    case 1: return Remains(file: file, length: whole, damage: 0)
    case 2:
      return Remains(
        file: file, length: Int.random(in: durable...whole, using: &generator), damage: 0)
    default:
      return Remains(file: file, length: whole, damage: generator.next() | 1)
    }
  }

  /// Returns the bytes of a file as a crash left it.
  package func bytes(of remains: Remains) -> [UInt8] {
    var bytes = Array(contents[remains.file].prefix(remains.length))
    guard remains.damage != 0 else { return bytes }
    // Sectors of the part that was not synchronized are missing or hold something else.
    var generator = SeededGenerator(seed: remains.damage)
    let durable = durableLengths[remains.file]
    var sector = durable
    while sector < bytes.count {
      let end = min((sector / 512 + 1) * 512, bytes.count)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: for place in sector..<end { bytes[place] = 0 }
      case 1:
        for place in sector..<end { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
      default: break
      }
      sector = end
    }
    return bytes
  }
}
