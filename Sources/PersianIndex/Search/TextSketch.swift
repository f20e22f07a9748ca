// SPDX-License-Identifier: Apache-2.0

/// A sample of a text's runs of three terms, by which texts are compared.
///
/// Runs are taken of terms, so that spaces, half-spaces and spellings make no difference. Of their
/// hashes the least are kept; how many of the least of two texts together are in both is how much
/// the texts resemble each other (Broder, "On the resemblance and containment of documents", 1997).
struct TextSketch {
  /// The most hashes kept; the resemblance is off by about a sixteenth then.
  private static let size = 256
  private static let runLength = 3

  private(set) var hashes: [UInt64] = []

  /// Samples the texts of a document.
  ///
  /// - Parameters:
  ///   - texts: The texts; no run goes from one to the next.
  ///   - analyzer: What makes terms of them.
  ///   - buffer: A buffer to work in; its tokens are replaced.
  init(_ texts: [String], analyzer: any Analyzer, buffer: inout TokenBuffer) {
    for var text in texts {
      buffer.removeAll()
      text.withUTF8 { analyzer.analyze($0, into: &buffer) }
      let terms = buffer.tokens.map { Self.hash(buffer.term(of: $0)) }
      if terms.count < Self.runLength {
        if !terms.isEmpty { hashes.append(terms.reduce(1, Self.mixed)) }
        continue
      }
      for start in 0...(terms.count - Self.runLength) {
        hashes.append(terms[start..<start + Self.runLength].reduce(0, Self.mixed))
      }
    }
    hashes.sort()
    var kept = 0
    for hash in hashes where kept == 0 || hashes[kept - 1] != hash {
      hashes[kept] = hash
      kept += 1
    }
    hashes.removeLast(hashes.count - min(kept, Self.size))
  }

  /// How much two texts resemble each other.
  ///
  /// - Parameter other: The other text.
  /// - Returns: The share of their runs that both have, 0 to 1; 0 where either has none.
  func resemblance(to other: TextSketch) -> Double {
    var (own, theirs) = (0, 0)
    var (looked, common) = (0, 0)
    while looked < Self.size, own < hashes.count, theirs < other.hashes.count {
      let (a, b) = (hashes[own], other.hashes[theirs])
      looked += 1
      if a == b { common += 1 }
      if a <= b { own += 1 }
      if b <= a { theirs += 1 }
    }
    // What one of them has beside belongs to both together.
    looked += min(Self.size - looked, hashes.count - own + other.hashes.count - theirs)
    return looked == 0 || common == 0 ? 0 : Double(common) / Double(looked)
  }

  // The hash must not differ from run to run of the program: what is left out would.
  private static func hash(_ term: ArraySlice<UInt8>) -> UInt64 {
    term.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func mixed(_ sum: UInt64, _ term: UInt64) -> UInt64 {
    var value = (sum &+ 0x9e37_79b9_7f4a_7c15) ^ term
    value = (value ^ value &>> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value &>> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value &>> 31
  }
}
