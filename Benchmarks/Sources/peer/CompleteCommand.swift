// SPDX-License-Identifier: Apache-2.0
import PersianIndex

/// Times the completion of words, one by one as a reader would type them, on made-up words.
struct CompleteCommand {
  private static let field = "body"
  private static let letters = Array(
    "ااااببپتتجچحخدددرررزژسسسشششعغفقکگلللممممنننوووههیییی")

  private let wordCount: Int
  private let sample: Int
  private let limit: Int
  private var state: UInt64

  init(_ arguments: Arguments) throws(Failure) {
    wordCount = max(1, try arguments.number("words", default: 300_000))
    sample = max(1, try arguments.number("sample", default: 2_000))
    limit = try arguments.number("limit", default: 10)
    state = UInt64(try arguments.number("seed", default: 1_399))
  }

  mutating func run() throws {
    let words = makeWords()
    let index = try SearchIndex.inMemory(
      schema: Schema(.text(Self.field)), analyzer: WhitespaceAnalyzer())
    let writer = try index.writer()
    // The word of rank r is in every r-th document, so that many begin alike and few are frequent.
    let documents = 2_000
    for number in 1...documents {
      let frequent = stride(from: 0, to: min(number, words.count), by: 1).filter {
        number % ($0 + 1) == 0
      }
      let share = words.count * (number - 1) / documents..<words.count * number / documents
      let text = frequent.map { words[$0] } + words[share]
      try writer.add(
        Document(key: DocumentKey("\(number)"), [Self.field: .text(text.joined(separator: " "))]))
    }
    try writer.commit()
    writer.close()
    let searcher = try index.searcher()
    let clock = ContinuousClock()
    let started = clock.now
    let vocabulary = try searcher.vocabulary()
    let opened = clock.now
    var times: [Double] = []
    for place in stride(from: 0, to: words.count, by: max(1, words.count / sample)) {
      for length in 1...words[place].count {
        let prefix = String(words[place].prefix(length))
        let before = clock.now
        let found = vocabulary.completions(of: prefix, limit: limit)
        times.append((clock.now - before).microseconds)
        guard !found.isEmpty else { throw Failure("nothing completes '\(prefix)'") }
      }
    }
    times.sort()
    func share(_ share: Double) -> String {
      JSON.number(times[Int(Double(times.count - 1) * share)])
    }
    print(
      "{\"words\":\(vocabulary.count),\"prefixes\":\(times.count),"
        + "\"read_ms\":\(JSON.number((opened - started).microseconds / 1_000)),"
        + "\"median\":\(share(0.5)),\"p99\":\(share(0.99)),\"greatest\":\(share(1))}")
  }

  /// Different words of three to ten letters, drawn as often as Persian has them.
  private mutating func makeWords() -> [String] {
    var seen: Set<String> = []
    while seen.count < wordCount {
      var word = ""
      for _ in 0..<3 + next(8) { word.append(Self.letters[next(Self.letters.count)]) }
      seen.insert(word)
    }
    return seen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A number below a bound (SplitMix64).
  private mutating func next(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ value >> 31) % UInt64(bound))
  }
}
