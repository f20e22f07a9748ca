// SPDX-License-Identifier: Apache-2.0

/// A word, or several, that a writer may have meant.
public struct Correction: Sendable, Hashable {
  /// How what was written can have come of what was meant.
  public enum Kind: Sendable, Hashable {
    /// A slip of the pen or the finger.
    case misspelling
    /// Words written without the space between them.
    case runOn
    /// One word written in two.
    case cutApart
    /// Typed with the keyboard switched to another language.
    case keyboardLayout
    /// Written in Latin letters by ear.
    case transliteration
  }

  /// What may have been meant, in the letters of the vocabulary.
  public let text: String
  /// How it became what was written.
  public let kind: Kind
  /// In how many documents it is; of several words, the rarest.
  public let documentCount: Int
  /// How likely it is against other corrections of the same text; higher is likelier.
  public let score: Double
}

extension Vocabulary {
  /// Returns the words that may have been meant by a word, likeliest first.
  ///
  ///     vocabulary.corrections(of: "تاریح").first?.text   // "تاریخ"
  ///     vocabulary.corrections(of: "jhvdo").first?.text   // "تاریخ"
  ///     vocabulary.corrections(of: "taavoni").first?.text   // "تعاونی"
  ///
  /// Letters that sound or look the same, neighbouring keys, and letters dropped, doubled or
  /// swapped cost less than other changes; of equal costs the more frequent word wins. The word
  /// itself is never among its corrections.
  ///
  /// - Parameters:
  ///   - word: One word as it was written, of at most 48 letters.
  ///   - limit: The most corrections to return, 0 or more.
  /// - Returns: The corrections; empty where no word is near.
  /// - Complexity: O(*n*) in the number of words, a few milliseconds for 300,000.
  public func corrections(of word: String, limit: Int = 3) -> [Correction] {
    let written = folded(word)
    var found: [Correction] = []
    for (reading, kind) in [
      (KeyboardLayout.persian(for: word), Correction.Kind.keyboardLayout),
      (KeyboardLayout.latin(for: word), .keyboardLayout),
    ] {
      guard let reading, let place = words.place(of: folded(reading)) else { continue }
      found.append(correction(place, cost: Costs.layout, kind: kind))
    }
    if let model = Transliteration.model(of: word) {
      found += corrections(model, limit: Costs.transliterationLimit, kind: .transliteration)
    }
    if !written.isEmpty {
      let model = ErrorModel.slips(in: written)
      if model.symbols.count <= 48 {
        let limit = model.symbols.count <= 3 ? Costs.shortLimit : Costs.limit
        found += corrections(model, limit: limit, kind: .misspelling)
      }
      found += splits(of: written)
    }
    let itself = String(decoding: written, as: UTF8.self)
    return Self.best(found.filter { $0.text != itself && $0.text != word }, limit: limit)
  }

  /// Returns the one word that two neighbours may have been meant as.
  ///
  /// - Parameters:
  ///   - first: A word as it was written.
  ///   - second: The word after it.
  /// - Returns: The joined word, where it is in the vocabulary.
  /// - Complexity: O(log *n*) in the number of words.
  public func joined(_ first: String, _ second: String) -> Correction? {
    let text = Letters.folded(first) + Letters.folded(second)
    return words.place(of: Array(text.utf8)).map {
      correction($0, cost: Costs.join, kind: .cutApart)
    }
  }

  /// What a slip costs against what a word's frequency tells, found on misspellings made by the
  /// model's own classes; Benchmarks/Results/ranking.md has the figures.
  enum Costs {
    static let limit = 20
    static let shortLimit = 12
    static let transliterationLimit = 18
    static let layout = 2
    static let split = 8
    static let join = 5
    /// The natural logarithm of frequency that one letter's change outweighs.
    static let perUnit = 1.0
  }

  private func corrections(
    _ model: ErrorModel, limit: Int, kind: Correction.Kind
  ) -> [Correction] {
    var matcher = WordMatcher(model, limit: limit)
    return matcher.matches(in: words).map { correction($0.place, cost: $0.cost, kind: kind) }
  }

  private func correction(_ place: Int, cost: Int, kind: Correction.Kind) -> Correction {
    let frequency = Int(words.documentCounts[place])
    return Correction(
      text: words.text(place), kind: kind, documentCount: frequency,
      score: Self.score(frequency: frequency, cost: cost))
  }

  private static func score(frequency: Int, cost: Int) -> Double {
    naturalLogarithm(Double(frequency) + 1) - Costs.perUnit * Double(cost)
  }

  /// Two words of the vocabulary that the written one is made of.
  private func splits(of written: [UInt8]) -> [Correction] {
    var found: [Correction] = []
    let greatest = words.mostFrequent(in: 0..<words.count).map { words.documentCounts[$0] } ?? 0
    for cut in written.indices.dropFirst() where written[cut] & 0xC0 != 0x80 {
      guard let left = words.place(of: Array(written[..<cut])),
        let right = words.place(of: Array(written[cut...]))
      else { continue }
      let (first, second) = (words.documentCounts[left], words.documentCounts[right])
      // As many documents as would have both by chance: two words are likely as often as that.
      let frequency = Int(first) * Int(second) / Int(max(greatest, 1))
      let isShort = cut <= 2 || written.count - cut <= 2
      found.append(
        Correction(
          text: words.text(left) + " " + words.text(right), kind: .runOn,
          documentCount: Int(min(first, second)),
          score: Self.score(frequency: frequency, cost: Costs.split + (isShort ? 6 : 0))))
    }
    return found
  }

  /// The best of some corrections, each text once.
  private static func best(_ corrections: [Correction], limit: Int) -> [Correction] {
    var seen: Set<String> = []
    return corrections.sorted {
      $0.score != $1.score
        ? $0.score > $1.score : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
    }.filter { seen.insert($0.text).inserted }.prefix(max(limit, 0)).map(\.self)
  }
}
