// Search in a server: one writer, and a searcher that every request can use at once.

import PersianIndex
import Synchronization

/// What the handlers of a server call.
///
/// Its methods wait for the device: call them on threads that may block.
final class SearchService: Sendable {
  private let index: SearchIndex
  private let writer: IndexWriter
  private let searcher: Mutex<Searcher>

  init(folder: String) throws {
    let schema = Schema(
      .text("title", weight: 2), .text("body"), .keyword("source"), .date("published"))
    do throws(IndexError) {
      index = try SearchIndex.open(at: folder)
    } catch {
      guard error.code == .notFound else { throw error }
      index = try SearchIndex.create(at: folder, schema: schema)
    }
    writer = try index.writer(waitingUpTo: 5)
    searcher = Mutex(try index.searcher())
  }

  /// Takes articles in; when it returns they are durable and found.
  func put(_ articles: [Document]) throws {
    for article in articles { try writer.update(article) }
    try writer.commit()
    let newest = try index.searcher(refreshing: searcher.withLock(\.self))
    searcher.withLock { $0 = newest }
  }

  /// Answers a request: what the user typed, and the page that follows another.
  func search(_ text: String, after page: String?) throws -> (lines: [String], next: String?) {
    // A copy of a searcher is free, so the lock is held for no search.
    let searcher = searcher.withLock(\.self)
    var options = SearchOptions(limit: 10)
    options.after = page.flatMap(PageToken.init)
    let results = try searcher.search(
      QueryParser(schema: searcher.schema).parse(text).query, options: options)
    let lines = results.map { hit in
      "\(hit.rank). \(hit["title"] ?? "")  \(hit.snippet(of: "body"))"
    }
    return (lines, results.nextPage?.text)
  }
}

let service = try SearchService(folder: "articles.index")
try service.put([
  Document(
    key: "1",
    ["title": "نشست تعاون‌گران", "body": "اتحادیه‌ها و نمایندگان تعاونی‌ها گفتند", "source": "mehr"])
])
for line in try service.search("تعاونی ها", after: nil).lines { print(line) }
