// SPDX-License-Identifier: Apache-2.0

/// The memory in which one segment's windows are evaluated.
///
/// It owns memory, which its one owner frees.
struct WindowMemory {
  /// The sum of the scores of each document of the window, 0 where nothing matched.
  ///
  /// All are 0 between windows.
  let sums: UnsafeMutablePointer<Int32>
  /// What a group of several lists has gathered for each document, all 0 between groups.
  let pseudoFrequencies: UnsafeMutablePointer<Float>
  /// The scores of a block.
  let scores: UnsafeMutablePointer<Int32>
  /// The documents that may enter, ascending.
  let candidates: UnsafeMutablePointer<UInt32>
  /// The scores of `candidates` so far.
  let candidateScores: UnsafeMutablePointer<Int32>
  /// What all groups can score in each stripe.
  let totals: UnsafeMutablePointer<Int32>
  private let memory: UnsafeMutableRawPointer

  init() {
    let window = Window.size * 4
    memory = .allocate(byteCount: 4 * window + 64 * 8 + 1024, alignment: 64)
    sums = memory.bindMemory(to: Int32.self, capacity: Window.size)
    pseudoFrequencies = (memory + window).bindMemory(to: Float.self, capacity: Window.size)
    candidates = (memory + 2 * window).bindMemory(to: UInt32.self, capacity: Window.size + 16)
    candidateScores = (memory + 3 * window + 64)
      .bindMemory(to: Int32.self, capacity: Window.size + 16)
    scores = (memory + 4 * window + 128).bindMemory(to: Int32.self, capacity: 144)
    totals = (memory + 4 * window + 128 + 576).bindMemory(to: Int32.self, capacity: 64)
    sums.initialize(repeating: 0, count: Window.size)
    pseudoFrequencies.initialize(repeating: 0, count: Window.size)
  }

  func deallocate() {
    memory.deallocate()
  }
}
