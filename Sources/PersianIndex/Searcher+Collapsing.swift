// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// One page of hits none of which is nearly the same as a better one, and what was left out.
  struct CollapsedPage {
    var hits: [SearchHits.Hit] = []
    /// For each hit, those left out in its favour.
    var duplicates: [[SearchHits.Hit]] = []
    var total: Int?
  }

  /// Leaves out hits that are nearly the same as better ones.
  ///
  /// - Parameters:
  ///   - resemblance: From where on two documents are nearly the same.
  ///   - query: The query.
  ///   - options: How many hits are wanted, counted among those that stay.
  ///   - sorted: All hits, where they are in the order of a field.
  /// - Returns: The page.
  /// - Throws: As ``search(_:options:)``.
  func collapsed(
    _ resemblance: Double, _ query: Query, options: SearchOptions, sorted: SearchHits?
  ) throws(IndexError) -> CollapsedPage {
    let (wanted, overflow) = options.limit.addingReportingOverflow(options.offset)
    let needed = overflow ? Int.max : wanted
    var limit = max(16, needed > Int.max / 2 ? .max : needed * 2)
    var page = CollapsedPage()
    var sketches: [TextSketch] = []
    var buffer = TokenBuffer()
    var looked = 0
    while true {
      var (found, isComplete) = (sorted ?? SearchHits(hits: [], total: nil), true)
      if sorted == nil {
        (found, isComplete, _, _) = try ranked(query, options: options, limit: limit)
      }
      page.total = found.total
      // A longer list begins with the shorter one.
      while looked < found.hits.count, page.hits.count < needed {
        let hit = found.hits[looked]
        looked += 1
        let sketch = TextSketch(try texts(of: hit), analyzer: analyzer, buffer: &buffer)
        if let same = sketches.firstIndex(where: { $0.resemblance(to: sketch) >= resemblance }) {
          page.duplicates[same].append(hit)
        } else {
          page.hits.append(hit)
          page.duplicates.append([])
          sketches.append(sketch)
        }
      }
      if isComplete || page.hits.count >= needed { break }
      limit = limit > Int.max / 2 ? .max : limit * 2
    }
    page.hits = Array(page.hits.dropFirst(options.offset))
    page.duplicates = Array(page.duplicates.dropFirst(options.offset))
    return page
  }

  private func texts(of hit: SearchHits.Hit) throws(IndexError) -> [String] {
    let address = DocumentAddress(segment: hit.segment, document: hit.document)
    let fields = try document(at: address)
    return schema.textFields.compactMap { place in
      guard case .text(let text)? = fields[schema.fields[place].name] else { return nil }
      return text
    }
  }
}
