// SPDX-License-Identifier: Apache-2.0

/// One query of a query file, as read.
struct TestQuery {
  let className: String
  let text: String

  /// Reads a file of `class TAB query` lines.
  static func read(path: String) throws(Failure) -> [TestQuery] {
    var reader = try LineReader(path: path)
    var queries: [TestQuery] = []
    while let line = try reader.next() {
      guard let (className, text) = splitAtTab(line) else { continue }
      queries.append(
        TestQuery(
          className: String(decoding: className, as: UTF8.self),
          text: String(decoding: text, as: UTF8.self)))
    }
    return queries
  }

  /// Groups queries by class, in order of first appearance.
  static func grouped(_ queries: [TestQuery]) -> [(className: String, queries: [TestQuery])] {
    var groups: [(className: String, queries: [TestQuery])] = []
    for query in queries {
      if let index = groups.firstIndex(where: { $0.className == query.className }) {
        groups[index].queries.append(query)
      } else {
        groups.append((query.className, [query]))
      }
    }
    return groups
  }
}
