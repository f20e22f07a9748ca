// SPDX-License-Identifier: Apache-2.0

extension PostingsWriter {
  /// Looks for what each block of a list may be anchored by.
  mutating func chooseAnchors(
    _ documents: UnsafeBufferPointer<UInt32>, _ frequencies: UnsafeBufferPointer<UInt32>,
    _ positions: UnsafeBufferPointer<UInt32>
  ) {
    anchors.removeAll(keepingCapacity: true)
    var savedBits = 0
    withUnsafeTemporaryAllocation(
      byteCount: PositionAnchor.Singles.memorySize, alignment: 16
    ) { memory in
      guard let memory = memory.baseAddress else { return }
      var next = 0
      for start in stride(from: 0, to: documents.count, by: PostingsFormat.blockSize) {
        var singles = PositionAnchor.Singles(memory)
        for index in start..<min(start + PostingsFormat.blockSize, documents.count) {
          let frequency = Int(frequencies[index])
          if frequency == 1 {
            let code = lengths[Int(documents[index])]
            singles.add(
              positions[next],
              plainBits: PositionCode.tabulatedBits(
                frequency: 1, lengthCode: code, table: positionTable),
              universe: universes[Int(code)])
          }
          next = next &+ frequency
        }
        let choice = singles.choose()
        anchors.append(choice)
        // The byte of a block without an anchor.
        savedBits += choice?.savedBits ?? -8
      }
    }
    if savedBits <= 0 { anchors.removeAll(keepingCapacity: true) }
  }

  /// Appends what the positions of a block of an anchored list begin with.
  mutating func beginPositions(
    _ frequencies: UnsafeBufferPointer<UInt32>, _ positions: UnsafeBufferPointer<UInt32>,
    from next: Int, _ anchor: PositionAnchor.Choice?
  ) {
    guard let anchor else {
      positionBits.append(PositionAnchor.none)
      return
    }
    singles.removeAll(keepingCapacity: true)
    var place = next
    for (index, frequency) in frequencies.enumerated() {
      if frequency == 1 { singles.append((index, positions[place])) }
      place += Int(frequency)
    }
    PositionAnchor.append(anchor, singles: singles, to: &positionBits)
  }
}
