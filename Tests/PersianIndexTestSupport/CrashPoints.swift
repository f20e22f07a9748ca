// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Visits the crash points of a recorded scenario and checks what each leaves behind.
package struct CrashPoints {
  /// The number of crash points visited.
  package private(set) var count = 0
  /// How many of them left a commit whose files had not been checked yet.
  package private(set) var distinct = 0
  /// The number of crash points after which a new writer went on.
  package private(set) var continued = 0
  /// What was wrong, with the place.
  package private(set) var problems: [String] = []

  private var checked: [Set<CrashReplay.Remains>: DurabilityScenario.Content?] = [:]
  private var files: [CrashReplay.Remains: MappedBytes] = [:]

  package init() {}

  /// Visits every prefix of a record.
  ///
  /// - Parameters:
  ///   - changes: The record of a scenario's directory.
  ///   - attempts: What the scenario tried to commit.
  ///   - tearings: How many ways of tearing are tried after each change.
  ///   - stride: After every how many crash points a new writer goes on.
  ///   - seed: Where the random choices start.
  package mutating func visit(
    _ changes: [FaultInjectingDirectory.Change], attempts: [DurabilityScenario.Content?],
    tearings: Int, continuingEvery stride: Int = 50, seed: UInt64
  ) {
    checked = [:]
    files = [:]
    var replay = CrashReplay()
    var generator = SeededGenerator(seed: seed)
    var (acknowledged, attempted) = (0, 0)
    for (place, change) in changes.enumerated() {
      replay.apply(change)
      if case .mark(let number) = change {
        attempted = max(attempted, number / 2)
        if number % 2 == 1 { acknowledged = number / 2 }
        continue
      }
      var crashes: [CrashReplay.Crash] = [.ofProcess, .dropping]
      for _ in 0..<tearings { crashes.append(.tearing(seed: generator.next())) }
      for crash in crashes {
        count += 1
        let remains = replay.remains(after: crash)
        do throws(IndexError) {
          let content = try check(remains, replay)
          let allowed = attempts[acknowledged...attempted]
          if !allowed.contains(content) {
            problems.append(
              "seed \(seed), change \(place), \(crash): neither the last commit nor the next")
          }
          if count % stride == 0, content != nil {
            continued += 1
            try goOn(remains, replay, from: content ?? [:])
          }
        } catch {
          problems.append("seed \(seed), change \(place), \(crash): \(error)")
        }
      }
    }
  }

  private mutating func check(
    _ remains: [String: CrashReplay.Remains], _ replay: CrashReplay
  ) throws(IndexError) -> DurabilityScenario.Content? {
    let directory = directory(remains, replay)
    guard let manifest = try ManifestStore(directory).newest() else { return nil }
    // Equal files give equal results, so each set of files is checked once.
    let needed = Set(manifest.fileNames.compactMap { remains[$0.description] })
    if needed.count == manifest.fileNames.count, let content = checked[needed] { return content }
    distinct += 1
    let content = try DurabilityScenario.content(of: directory)
    for entry in manifest.segments { try SegmentFile(entry, in: directory).verify() }
    checked[needed] = content
    return content
  }

  // Whatever lies around, a new writer can add to the index.
  private mutating func goOn(
    _ remains: [String: CrashReplay.Remains], _ replay: CrashReplay,
    from content: DurabilityScenario.Content
  ) throws(IndexError) {
    let directory = directory(remains, replay)
    let writer = try IndexWriter(
      directory, analyzer: DurabilityScenario.analyzer, options: SmallIndex.options)
    try writer.add(Document(key: "new", ["body": "تازه"]))
    try writer.commit()
    writer.close()
    var expected = content
    expected["new"] = "تازه"
    if try DurabilityScenario.content(of: directory) != expected {
      throw IndexError(.corrupt, "a writer that goes on after the crash loses documents")
    }
    let manifest = try ManifestStore(directory).newest()
    let names = try directory.list().compactMap { IndexFileName($0) }
    let spare = Set(names).subtracting(manifest?.fileNames ?? [])
    if spare.contains(where: { if case .manifest = $0 { false } else { true } }) {
      throw IndexError(.corrupt, "left-over files have not been removed: \(spare)")
    }
  }

  private mutating func directory(
    _ remains: [String: CrashReplay.Remains], _ replay: CrashReplay
  ) -> MemoryDirectory {
    let directory = MemoryDirectory(path: "crashed")
    for (name, file) in remains {
      let bytes: MappedBytes
      if let known = files[file] {
        bytes = known
      } else {
        bytes = MappedBytes(copying: replay.bytes(of: file), path: "crashed/" + name)
        if file.damage == 0 { files[file] = bytes }
      }
      directory.replace(name, with: bytes)
    }
    return directory
  }
}
