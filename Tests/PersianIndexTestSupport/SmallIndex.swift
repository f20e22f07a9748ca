// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// A small index of three segments with deletions, the same each time.
package enum SmallIndex {
  package static let schema = Schema(
    .text("title", weight: 2), .text("body"), .keyword("tag"), .integer("number"),
    .date("published"))
  package static let analyzer = WhitespaceAnalyzer()
  /// The options with which no merge happens on its own.
  package static let options = IndexWriterOptions(
    memoryBudget: 1 << 20, threadCount: 1,
    mergePolicy: MergePolicy(segmentsPerTier: 64, deletedShare: 2), mergesInBackground: false,
    reorderingThreshold: nil)

  /// Writes the index.
  ///
  /// - Parameters:
  ///   - directory: An empty directory.
  ///   - documentsPerSegment: How many documents each of the three segments gets.
  /// - Returns: The index, whose documents have the keys "0" and up without "1", "11" and so on.
  /// - Throws: What the directory throws.
  package static func write(
    to directory: any StorageDirectory, documentsPerSegment: Int = 12
  ) throws(IndexError) -> SearchIndex {
    let index = try SearchIndex.create(in: directory, schema: schema, analyzer: analyzer)
    let writer = try index.writer(options: options)
    for segment in 0..<3 {
      for place in 0..<documentsPerSegment {
        try writer.add(document(segment * documentsPerSegment + place))
      }
      try writer.commit()
    }
    for number in stride(from: 1, to: documentsPerSegment * 3, by: 10) {
      try writer.delete(key: DocumentKey("\(number)"))
    }
    try writer.commit()
    writer.close()
    return index
  }

  /// Writes an index of one segment that has everything a segment can have: full blocks of postings,
  /// pairs of common words, keys that are texts, and documents in another order than they came.
  ///
  /// - Parameter directory: An empty directory.
  /// - Throws: What the directory throws.
  package static func writeRich(to directory: any StorageDirectory) throws(IndexError) {
    let index = try SearchIndex.create(in: directory, schema: schema, analyzer: analyzer)
    var options = options
    options.reorderingThreshold = 10
    let writer = try index.writer(options: options)
    for number in 0..<1300 {
      let plain = document(number)
      var fields = plain.fields
      fields["body"] = .text("همه از این \(plain.fields["body"]?.description ?? "")")
      try writer.add(Document(key: DocumentKey("خبر/\(number * 7 % 1300)"), fields))
    }
    try writer.optimize()
    try writer.delete(key: DocumentKey("خبر/5"))
    try writer.commit()
    writer.close()
  }

  /// Returns the document of a number.
  package static func document(_ number: Int) -> Document {
    let words = (0..<number % 9 + 1).map { "واژه\(number * $0 % 17)" }.joined(separator: " ")
    return Document(
      key: DocumentKey("\(number)"),
      [
        "title": .text("عنوان \(number)"), "body": .text("همه \(words)"),
        "tag": .text("t\(number % 3)"), "number": .integer(Int64(number)),
        "published": .date(Timestamp(secondsSince1970: Int64(number) * 86_400)),
      ])
  }

  /// Returns a copy of the files of a directory in memory.
  package static func copy(
    of directory: any StorageDirectory
  ) throws(IndexError) -> MemoryDirectory {
    let copy = MemoryDirectory(path: "copy")
    for name in try directory.list() {
      copy.replace(name, with: try directory.open(name))
    }
    return copy
  }
}
