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
  /// For each document of the window, a place in a block; what is there need not be true.
  let places: UnsafeMutablePointer<UInt8>
  /// Which of the candidates a block holds; room for one more than it can hold.
  let found: UnsafeMutablePointer<UInt16>
  /// The places of those in the block.
  let foundPlaces: UnsafeMutablePointer<UInt8>
  private let memory: UnsafeMutableRawPointer

  init() {
    let window = Window.size * 4
    memory = .allocate(byteCount: 5 * window + 64 * 8 + 2048, alignment: 64)
    sums = memory.bindMemory(to: Int32.self, capacity: Window.size)
    pseudoFrequencies = (memory + window).bindMemory(to: Float.self, capacity: Window.size)
    candidates = (memory + 2 * window).bindMemory(to: UInt32.self, capacity: Window.size + 16)
    candidateScores = (memory + 3 * window + 64)
      .bindMemory(to: Int32.self, capacity: Window.size + 16)
    scores = (memory + 4 * window + 128).bindMemory(to: Int32.self, capacity: 144)
    totals = (memory + 4 * window + 128 + 576).bindMemory(to: Int32.self, capacity: 64)
    found = (memory + 4 * window + 128 + 832).bindMemory(to: UInt16.self, capacity: 136)
    foundPlaces = (memory + 4 * window + 128 + 1104).bindMemory(to: UInt8.self, capacity: 136)
    places = (memory + 4 * window + 128 + 1240).bindMemory(to: UInt8.self, capacity: Window.size)
    places.initialize(repeating: 0, count: Window.size)
    sums.initialize(repeating: 0, count: Window.size)
    pseudoFrequencies.initialize(repeating: 0, count: Window.size)
  }

  func deallocate() {
    memory.deallocate()
  }
}
