// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Explains the score that a document has for a query.
  ///
  ///     print(try searcher.explain(.words("کتاب تاریخ"), document: "mehr/1") ?? "no match")
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - key: The document's key.
  ///   - ranking: What scores are made of.
  /// - Returns: The score as a tree whose numbers add up; `nil` where the document does not match or
  ///   is not there.
  /// - Throws: As ``search(_:options:)``.
  /// - Complexity: That of a search, since it has to be known whether the document is among the
  ///   best.
  public func explain(
    _ query: Query, document key: DocumentKey, ranking: Ranking = Ranking()
  ) throws(IndexError) -> Explanation? {
    guard let address = try address(of: key) else { return nil }
    let (original, evidence) = try compiled(query, ranking: ranking)
    let compiled = try withFeedback(original, evidence, ranking: ranking)
    let engine = engine(for: ranking)
    let schema = schema
    func name(_ number: Int) -> String {
      schema.fields[number / 2].name + (number % 2 == 0 ? "" : ", as written")
    }
    guard
      let base = try engine.explain(
        compiled, segment: address.segment, document: address.document, fieldName: name)
    else { return nil }
    let worth = try worth(ranking.documentBoost)
    guard !evidence.isEmpty || worth != nil, ranking.rescoredCount > 0 else { return base }
    let best = try engine.search(compiled, limit: min(ranking.rescoredCount, documentCount))
    let hit = best.hits.first {
      $0.segment == address.segment && $0.document == address.document
    }
    guard let hit else { return base }
    let parts = try EvidenceScorer(evidence, searcher: engine).parts(of: hit)
    var explained = zip(parts, evidence.descriptions(fieldName: name)).filter { $0.0 > 0 }.map {
      Explanation(score: $0.0, reason: $0.1)
    }
    if let worth = worth?(hit), worth > 0, let boost = ranking.documentBoost {
      explained.append(
        Explanation(
          score: worth, reason: "\(boost.weight) × ln(1 + the document's «\(boost.field)»)"))
    }
    guard !explained.isEmpty else { return base }
    return Explanation(
      score: base.score + explained.reduce(0) { $0 + $1.score },
      reason: "sum, as one of the best \(ranking.rescoredCount), of", parts: [base] + explained)
  }
}

extension CompiledEvidence {
  /// A line for each term, then each pair and then each opening.
  fileprivate func descriptions(fieldName: (Int) -> String) -> [String] {
    func text(_ fields: [CompiledTerm.FieldKey]) -> String {
      "«\(String(decoding: fields.first?.key.dropFirst() ?? [], as: UTF8.self))»"
    }
    return terms.map { term in
      let names = term.fields.map { fieldName(Int($0.key.first ?? 0)) }
      return "\(text(term.fields)) in \(names.joined(separator: ", ")), counting \(term.weight)"
    }
      + pairs.map { pair in
        "\(text(placedTerms[pair.first].fields)) and \(text(placedTerms[pair.second].fields))"
          + " together, counting \(pair.adjacencyWeight), or near, \(pair.nearnessWeight)"
      }
      + placedTerms.map { term in
        "\(text(term.fields)) near the beginning, counting \(term.openingWeight)"
      }
  }
}
