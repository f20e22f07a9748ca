// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct MutantCorpusTests {
  private static let version = SearchIndex.formatVersion

  private static func exercise(
    _ mutant: MemoryDirectory, _ exerciser: inout IndexExerciser, number: Int
  ) {
    exerciser.run(mutant, checking: true, writing: number % 2 == 0, query: number)
  }

  // RECORD_FIXTURES=1 PERSIANINDEX_FUZZ_CASES=N tries N damaged copies and keeps the first that gives
  // each message; the corpus of a format version is written once.
  @Test(.enabled(if: System.environment("RECORD_FIXTURES") != nil))
  func `the newest format version gets its corpus`() throws {
    let path = MutantCorpus.path(formatVersion: Self.version)
    guard !FileSystem.exists(path) else { return }
    let original = try SmallIndex.copy(
      of: FileDirectory(GoldenIndex.path(formatVersion: Self.version)))
    let mutator = try IndexMutator(original)
    let wanted = System.environment("PERSIANINDEX_FUZZ_CASES").flatMap { UInt64($0) } ?? 3000
    var text = ""
    var exerciser = IndexExerciser()
    for seed in 1...wanted {
      var generator = SeededGenerator(seed: seed)
      let mutant = mutator.mutated(using: &generator)
      let copy = try SmallIndex.copy(of: mutant)
      let before = exerciser.messages.count
      Self.exercise(mutant, &exerciser, number: Int(seed))
      guard exerciser.messages.count > before else { continue }
      let block = try MutantCorpus.block(seed: seed, of: copy, from: original)
      if block.utf8.count < 8000 { text += block }
    }
    let file = try File.create(path)
    var bytes = text
    try bytes.withUTF8 { try file.write(UnsafeRawBufferPointer($0), at: 0) }
  }

  @Test func `every damage that was interesting once is survived again`() throws {
    let original = try SmallIndex.copy(
      of: FileDirectory(GoldenIndex.path(formatVersion: Self.version)))
    let corpus = FileDirectory(GoldenIndex.path(formatVersion: Self.version) + "/..")
    let text = String(
      decoding: try corpus.bytes(of: "index-format-\(Self.version)-mutants.txt"), as: UTF8.self)
    var exerciser = IndexExerciser()
    var count = 0
    try MutantCorpus.forEachMutant(in: text, of: original) { seed, mutant in
      Self.exercise(mutant, &exerciser, number: Int(seed) ?? 0)
      count += 1
    }
    #expect(count > 20)
    #expect(exerciser.messages.count > count / 2)
  }
}
