// SPDX-License-Identifier: Apache-2.0

/// Evaluates any query over one segment, window by window: a bit for each document that matches, and
/// its score.
///
/// It looks at every document that matches, so it serves counting, filters, and queries that no
/// pruning evaluator knows. One call covers 4,096 documents, so its cost does not matter.
final class WindowNode {
  /// What all nodes of an evaluation share.
  struct Context {
    let searcher: SegmentSearcher
    let segment: Int
    let isScoring: Bool

    var withoutScores: Context {
      Context(searcher: searcher, segment: segment, isScoring: false)
    }
  }

  private enum Kind {
    case none
    case all
    case group(GroupSet)
    case phrase(PhraseMatcher)
    case boolean(
      must: [WindowNode], should: [WindowNode], mustNot: [WindowNode], filter: [WindowNode],
      minimumShould: Int)
    case bits([UInt64])
    case constant(WindowNode)
  }

  /// The window's documents that match; 64 words.
  let bits: UnsafeMutablePointer<UInt64>
  /// The scores of those documents; where the node does not score, one unused number.
  let scores: UnsafeMutablePointer<Int32>
  private let kind: Kind
  private let isScoring: Bool
  private let constantScore: Int32
  private let documentCount: UInt32
  private let pseudoFrequencies: UnsafeMutablePointer<Float>?

  init(
    _ node: QueryPlan.Node, of plan: borrowing QueryPlan, _ context: Context
  ) throws(IndexError) {
    let searcher = context.searcher
    var score: Float = 0
    var needsFields = false
    switch node {
    case .none:
      kind = .none
    case .all:
      kind = .all
      score = 1
    case .group(let index):
      let set = try GroupSet([index], of: plan, searcher, segment: context.segment)
      kind = .group(set)
      needsFields = set.listCount > 1
    case .phrase(let index):
      let matcher = try PhraseMatcher(
        plan.phrases[index], scale: plan.scale, searcher, segment: context.segment)
      kind = matcher.map { .phrase($0) } ?? .none
    case .boolean(let boolean):
      let unscored = context.withoutScores
      kind = .boolean(
        must: try Self.nodes(boolean.must, of: plan, context),
        should: try Self.nodes(boolean.should, of: plan, context),
        mustNot: try Self.nodes(boolean.mustNot, of: plan, unscored),
        filter: try Self.nodes(boolean.filter, of: plan, unscored),
        minimumShould: boolean.minimumShould)
    case .anyTerm(let lists, let weight):
      kind = .bits(try Self.documents(of: lists, context))
      score = weight
    case .range(let column, let values, let weight):
      kind = .bits(Self.documents(column: column, values, context))
      score = weight
    case .constant(let inner, let weight):
      kind = .constant(try WindowNode(inner, of: plan, context.withoutScores))
      score = weight
    }
    isScoring = context.isScoring
    constantScore = ListScorer.integer(score * plan.scale)
    documentCount = searcher.segments[context.segment].documentCount
    bits = .allocate(capacity: Window.stripeCount)
    scores = .allocate(capacity: isScoring ? Window.size : 1)
    pseudoFrequencies = isScoring && needsFields ? .allocate(capacity: Window.size) : nil
  }

  /// Makes a node of each clause.
  static func nodes(
    _ clauses: [QueryPlan.Node], of plan: borrowing QueryPlan, _ context: Context
  ) throws(IndexError) -> [WindowNode] {
    var nodes: [WindowNode] = []
    for clause in clauses { nodes.append(try WindowNode(clause, of: plan, context)) }
    return nodes
  }

  deinit {
    switch kind {
    case .group(let set): set.deallocate()
    case .phrase(let matcher): matcher.deallocate()
    default: break
    }
    bits.deallocate()
    scores.deallocate()
    pseudoFrequencies?.deallocate()
  }

  /// Whether a damaged block was met.
  var isCorrupt: Bool {
    switch kind {
    case .none, .all, .bits: false
    case .group(let set): set.isCorrupt
    case .phrase(let matcher): matcher.isCorrupt
    case .constant(let inner): inner.isCorrupt
    case .boolean(let must, let should, let mustNot, let filter, _):
      (must + should + mustNot + filter).contains { $0.isCorrupt }
    }
  }

  /// Finds the documents of many lists, in the whole segment.
  private static func documents(of lists: [QueryPlan.List], _ context: Context)
    throws(IndexError) -> [UInt64]
  {
    let count = Int(context.searcher.segments[context.segment].documentCount)
    let windows = (count + Window.size - 1) / Window.size
    var words = [UInt64](repeating: 0, count: windows * Window.stripeCount)
    for list in lists {
      guard let info = list.infos[context.segment] else { continue }
      var scorer = try ListScorer(
        list, info, context.searcher, segment: context.segment, weight: 0)
      defer { scorer.deallocate() }
      words.withUnsafeMutableBufferPointer { words in
        guard let base = words.baseAddress else { return }
        for window in 0..<windows {
          scorer.addDocuments(
            start: UInt32(window * Window.size), stripes: .max,
            to: base + window * Window.stripeCount)
        }
      }
      if scorer.cursor.isCorrupt { throw TermsEvaluator.corrupt }
    }
    return words
  }

  /// Finds the documents whose column value is in a range.
  private static func documents(column: Int, _ values: ClosedRange<Int64>, _ context: Context)
    -> [UInt64]
  {
    let view = context.searcher.segments[context.segment]
    let count = Int(view.documentCount)
    let windows = (count + Window.size - 1) / Window.size
    var words = [UInt64](repeating: 0, count: windows * Window.stripeCount)
    for document in 0..<count {
      if let value = view.columnValue(column, UInt32(document)), values.contains(value) {
        words[document >> 6] |= 1 << UInt64(document & 63)
      }
    }
    return words
  }

  /// Evaluates the next window; windows are evaluated in ascending order.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - stripes: The stripes whose documents are asked for; in others, some bits may be missing.
  func evaluate(_ start: UInt32, stripes: UInt64 = .max) {
    bits.update(repeating: 0, count: Window.stripeCount)
    switch kind {
    case .none:
      return
    case .all:
      bits.update(repeating: .max, count: Window.stripeCount)
      maskEnd(start)
      setConstantScores()
    case .bits(let words):
      let first = Int(start >> 6)
      for word in 0..<Window.stripeCount { bits[word] = words[first + word] }
      maskEnd(start)
      setConstantScores()
    case .constant(let inner):
      inner.evaluate(start, stripes: stripes)
      bits.update(from: inner.bits, count: Window.stripeCount)
      setConstantScores()
    case .group(let set):
      evaluate(set, start, stripes)
      maskEnd(start)
    case .phrase(let matcher):
      evaluate(matcher, start, stripes)
    case .boolean(let must, let should, let mustNot, let filter, let minimumShould):
      evaluate(
        start, stripes, must: must, should: should, mustNot: mustNot, filter: filter,
        minimumShould: minimumShould)
    }
  }

  /// Clears the bits past the last document.
  private func maskEnd(_ start: UInt32) {
    let rest = Int(documentCount) - Int(start)
    if rest >= Window.size { return }
    for word in 0..<Window.stripeCount {
      let bitsLeft = rest - word * 64
      if bitsLeft <= 0 {
        bits[word] = 0
      } else if bitsLeft < 64 {
        bits[word] &= (1 << UInt64(bitsLeft)) - 1
      }
    }
  }

  private func setConstantScores() {
    if isScoring { scores.update(repeating: constantScore, count: Window.size) }
  }

  private func evaluate(_ set: GroupSet, _ start: UInt32, _ stripes: UInt64) {
    if !isScoring {
      for list in 0..<set.listCount {
        set.lists[list].addDocuments(start: start, stripes: stripes, to: bits)
      }
      return
    }
    if set.groupCount == 0 { return }
    let weight = set.groups[0].weight
    pseudoFrequencies?.update(repeating: 0, count: Window.size)
    for list in 0..<set.listCount {
      let scorer = set.lists + list
      guard scorer.pointee.skip(to: start) else { continue }
      let postings = scorer.pointee.cursor.list
      let last = start &+ UInt32(Window.size - 1)
      for block in scorer.pointee.block..<postings.blockCount {
        if postings.hasSkips && block > 0 && postings.lastDocument(block - 1) >= last { break }
        scorer.pointee.cursor.loadDocuments(block)
        scorer.pointee.cursor.loadFrequencies()
        let documents = scorer.pointee.cursor.documents
        for index in 0..<scorer.pointee.cursor.count
        where documents[index] >= start && documents[index] <= last {
          let place = Int(documents[index] &- start)
          bits[place >> 6] |= 1 << UInt64(place & 63)
          if let pseudoFrequencies {
            pseudoFrequencies[place] += scorer.pointee.pseudoFrequency(at: index)
            scores[place] = TermsEvaluator.saturated(pseudoFrequencies[place], weight)
          } else {
            scores[place] = scorer.pointee.score(at: index, weight: weight)
          }
        }
      }
    }
  }

  private func evaluate(_ matcher: PhraseMatcher, _ start: UInt32, _ stripes: UInt64) {
    let stripes = stripes & matcher.stripes(start: start, needed: 0)
    if stripes == 0 { return }
    matcher.forEachMatch(
      start: start, stripes: stripes
    ) { document, frequency, code in
      let place = Int(document &- start) & 4095
      bits[place >> 6] |= 1 << UInt64(place & 63)
      if isScoring {
        scores[place] = matcher.lists[0].score(
          frequency: frequency, lengthCode: code, weight: matcher.weight)
      }
    }
  }
}

extension WindowNode {
  /// The stripes of a window in which bits are set.
  private static func stripes(of bits: UnsafePointer<UInt64>) -> UInt64 {
    var stripes: UInt64 = 0
    for word in 0..<Window.stripeCount {
      stripes |= (bits[word] != 0 ? 1 : 0) &<< UInt64(word)
    }
    return stripes
  }

  /// Clears those of the given bits that this node does not match; scores those it does.
  private func intersect(_ other: UnsafeMutablePointer<UInt64>, _ start: UInt32) {
    let stripes = Self.stripes(of: other)
    if stripes == 0 { return }
    if !isScoring, case .group(let set) = kind, set.listCount == 1 {
      set.lists[0].keepDocuments(start: start, stripes: stripes, in: other)
      return
    }
    evaluate(start, stripes: stripes)
    for word in 0..<Window.stripeCount { other[word] &= bits[word] }
  }

  /// How many documents a node may match; the least first saves work.
  private var cost: Int {
    switch kind {
    case .none: 0
    case .group(let set):
      (0..<set.listCount).reduce(0) {
        $0 + set.lists[$1].cursor.list.documentFrequency
      }
    case .phrase(let matcher):
      (0..<matcher.count).map {
        matcher.lists[$0].cursor.list.documentFrequency
      }.min() ?? 0
    default: Int.max
    }
  }

  private func evaluate(
    _ start: UInt32, _ stripes: UInt64, must: [WindowNode], should: [WindowNode],
    mustNot: [WindowNode], filter: [WindowNode], minimumShould: Int
  ) {
    let required = (must + filter).sorted { $0.cost < $1.cost }
    if let first = required.first {
      first.evaluate(start, stripes: stripes)
      bits.update(from: first.bits, count: Window.stripeCount)
      for node in required.dropFirst() { node.intersect(bits, start) }
      if minimumShould > 0 { keepMinimum(should, minimumShould, start, Self.stripes(of: bits)) }
      if Self.stripes(of: bits) == 0 { return }
      for node in should where isScoring && minimumShould == 0 {
        node.evaluate(start, stripes: Self.stripes(of: bits))
      }
    } else {
      for node in should {
        node.evaluate(start, stripes: stripes)
        for word in 0..<Window.stripeCount { bits[word] |= node.bits[word] }
      }
      if minimumShould > 1 { keepMinimum(should, minimumShould, start, stripes, isDone: true) }
    }
    for node in mustNot {
      let rest = Self.stripes(of: bits)
      if rest == 0 { return }
      node.evaluate(start, stripes: rest)
      for word in 0..<Window.stripeCount { bits[word] &= ~node.bits[word] }
    }
    if isScoring { addScores(must + should) }
  }

  /// Keeps the bits that enough of the given nodes match.
  private func keepMinimum(
    _ nodes: [WindowNode], _ minimum: Int, _ start: UInt32, _ stripes: UInt64,
    isDone: Bool = false
  ) {
    if !isDone { for node in nodes { node.evaluate(start, stripes: stripes) } }
    for word in 0..<Window.stripeCount where bits[word] != 0 {
      var rest = bits[word]
      while rest != 0 {
        let bit = UInt64(rest.trailingZeroBitCount)
        rest &= rest - 1
        let matching = nodes.reduce(0) { $0 + Int($1.bits[word] >> bit & 1) }
        if matching < minimum { bits[word] &= ~(1 << bit) }
      }
    }
  }

  /// Sums up the scores of the nodes that match.
  private func addScores(_ nodes: [WindowNode]) {
    for word in 0..<Window.stripeCount where bits[word] != 0 {
      var rest = bits[word]
      while rest != 0 {
        let bit = rest.trailingZeroBitCount
        rest &= rest - 1
        var sum: Int32 = 0
        for node in nodes where node.bits[word] >> UInt64(bit) & 1 != 0 {
          sum = sum &+ node.scores[word * 64 + bit]
        }
        // A document may match by filters alone; it scores nothing, yet it matches.
        scores[word * 64 + bit] = max(1, sum)
      }
    }
  }
}
