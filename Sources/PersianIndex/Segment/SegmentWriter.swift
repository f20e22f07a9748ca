// SPDX-License-Identifier: Apache-2.0

/// Writes the sections of a segment that flushing and merging have in common: sequence, field
/// lengths, posting lists, term dictionary and counts.
///
///     let writer = try SegmentWriter(directory, segmentID: 7, fields: fields, documentCount: 2)
///     try writer.writeSequence([0, 1])
///     writer.setLengths([2, 1], totals)
///     try writer.writeLengths()
///     try writer.beginTerms()
///     try writer.addTerm(key, …)                 // in ascending order of the keys
///     try writer.endTerms()
///     let entry = try writer.finish()
///
/// One thread at a time uses it. After an error, call ``discard()``.
package final class SegmentWriter {
  // Readers of the last list load whole words.
  private static let padding = 64

  /// The file, for the sections that other types write.
  package let file: SegmentFileWriter
  private let fields: IndexedFields
  private let documentCount: Int
  private var statistics: [SegmentInfo.FieldStatistics] = []
  // The codes of each text field in turn, then those of keyword fields, where all lengths are 1. The
  // postings writer keeps pointers to them.
  private let lengths: UnsafeMutableBufferPointer<UInt8>
  private var dictionary = TermDictionaryWriter()
  private var postings = PostingsWriter()
  private var currentField: UInt8?
  // The bytes of the postings section that encoders have coded.
  private var encodedBytes: UInt64 = 0
  // The common words of each text field in turn.
  private var pairMembers: [PairMembers]
  // The text field, in turn, whose terms are written; nil for other fields and written forms.
  private var currentTextField: Int?

  /// Creates the file of a segment.
  ///
  /// - Parameters:
  ///   - directory: The directory of the index.
  ///   - segmentID: The number of the segment, which no file may have yet.
  ///   - fields: The inverted fields.
  ///   - documentCount: The number of documents, at least 1.
  /// - Throws: What the directory throws.
  package init(
    _ directory: any StorageDirectory, segmentID: UInt64, fields: IndexedFields, documentCount: Int
  ) throws(IndexError) {
    self.fields = fields
    self.documentCount = documentCount
    lengths = .allocate(capacity: documentCount * (fields.textFields.count + 1))
    lengths.initialize(repeating: FieldLengthCode.encode(1))
    pairMembers = fields.textFields.map { _ in PairMembers(documentCount: documentCount) }
    do {
      file = try SegmentFileWriter(directory, segmentID: segmentID)
    } catch {
      lengths.deallocate()
      throw error
    }
  }

  deinit {
    lengths.deallocate()
  }

  /// Writes the insertion numbers.
  ///
  /// - Parameter numbers: One number for each document, by doc id.
  /// - Throws: What the file throws.
  package func writeSequence(_ numbers: [UInt64]) throws(IndexError) {
    try file.writeSection(.sequence, SequenceWriter.encode(numbers))
  }

  /// Sets the lengths of the next text field; all must be set before the first list is coded.
  ///
  /// - Parameters:
  ///   - codes: The code of every document's length, by doc id.
  ///   - totals: The statistics of the field.
  package func setLengths(_ codes: [UInt8], _ totals: SegmentInfo.FieldStatistics) {
    _ = lengthCodes(ofTextField: statistics.count).update(fromContentsOf: codes)
    statistics.append(totals)
  }

  /// Writes the lengths of all text fields.
  ///
  /// - Throws: What the file throws.
  package func writeLengths() throws(IndexError) {
    for (place, field) in fields.textFields.enumerated() {
      try file.beginSection(.fieldLengths, field: UInt16(field))
      try file.write(UnsafeRawBufferPointer(lengthCodes(ofTextField: place)))
      try file.endSection()
    }
  }

  /// Begins the posting lists.
  package func beginTerms() throws(IndexError) {
    try file.beginSection(.postings)
  }

  /// Adds the list of a term.
  ///
  /// - Parameters:
  ///   - key: The indexed field's number and the term, greater than all keys before.
  ///   - documents: The doc ids, ascending, at least one.
  ///   - frequencies: The number of occurrences in each.
  ///   - positions: The positions of each document in turn; empty for a field without positions.
  /// - Throws: What the file throws, and `.invalidDocument` as ``PostingsWriter`` does.
  package func addTerm(
    _ key: UnsafeBufferPointer<UInt8>, documents: UnsafeBufferPointer<UInt32>,
    frequencies: UnsafeBufferPointer<UInt32>, positions: UnsafeBufferPointer<UInt32>
  ) throws(IndexError) {
    if currentField != key[0] { beginField(key[0]) }
    let info = try postings.write(
      documents: documents, frequencies: frequencies, positions: positions)
    try file.write(postings.output)
    if let currentTextField {
      pairMembers[currentTextField].offer(info, record: postings.output)
    }
    dictionary.add(key: key, info)
  }

  /// Adds the list of a term.
  ///
  /// - Parameters:
  ///   - key: The indexed field's number and the term, greater than all keys before.
  ///   - list: The list, with at least one document.
  /// - Throws: What the file throws, and `.invalidDocument` as ``PostingsWriter`` does.
  package func addTerm(
    _ key: UnsafeBufferPointer<UInt8>, _ list: borrowing DecodedPostings
  ) throws(IndexError) {
    try list.documents.withUnsafeBufferPointer { (documents) throws(IndexError) in
      try list.frequencies.withUnsafeBufferPointer { (frequencies) throws(IndexError) in
        try list.positions.withUnsafeBufferPointer { (positions) throws(IndexError) in
          try addTerm(
            key, documents: documents, frequencies: frequencies, positions: positions)
        }
      }
    }
  }

  /// Returns an encoder of lists for ``add(_:)``; all lengths must have been written.
  ///
  /// It keeps pointers to the lengths, which live as long as this writer.
  package func makeTermEncoder() -> TermEncoder {
    TermEncoder(
      (0..<UInt8(2 * fields.kinds.count)).map { number in
        let place = textField(of: number)
        return TermEncoder.Field(
          lengths: UnsafeBufferPointer(lengthCodes(ofTextField: place ?? statistics.count)),
          totalLength: place.map { statistics[$0].totalLength } ?? UInt64(documentCount),
          hasPositions: fields.hasPositions(number))
      })
  }

  /// Adds the lists of terms that an encoder has coded.
  ///
  /// - Parameter encoded: The terms, greater than all before. A segment gets all its terms in this
  ///   way or none.
  /// - Throws: What the file throws.
  package func add(_ encoded: EncodedTerms) throws(IndexError) {
    try file.write(encoded.bytes)
    encoded.forEachTerm { key, info, record in
      if currentField != key[0] {
        currentField = key[0]
        currentTextField = fields.hasPositions(key[0]) ? textField(of: key[0]) : nil
      }
      var info = info
      info.offset += encodedBytes
      if let currentTextField { pairMembers[currentTextField].offer(info, record: record) }
      dictionary.add(key: key, info)
    }
    encodedBytes += UInt64(encoded.bytes.count)
  }

  private func textField(of number: UInt8) -> Int? {
    fields.textFields.firstIndex(of: IndexedFields.field(of: number))
  }

  private func beginField(_ number: UInt8) {
    let place = textField(of: number)
    postings.beginField(
      lengths: UnsafeBufferPointer(lengthCodes(ofTextField: place ?? statistics.count)),
      totalLength: place.map { statistics[$0].totalLength } ?? UInt64(documentCount),
      hasPositions: fields.hasPositions(number))
    currentField = number
    currentTextField = fields.hasPositions(number) ? place : nil
  }

  private func lengthCodes(ofTextField place: Int) -> UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(
      rebasing: lengths[place * documentCount..<(place + 1) * documentCount])
  }

  /// Ends the posting lists and writes the term dictionary and the lists of pairs.
  ///
  /// - Parameters:
  ///   - threads: What shares the pairing of common words out.
  ///   - synchronizing: Whether to wait for the medium while other threads are at work, so that less
  ///     is left for ``finish(synchronizing:)``.
  /// - Throws: What the file throws.
  package func endTerms(
    threads: SharedWork = .alone, synchronizing: Bool = false
  ) throws(IndexError) {
    try file.write([UInt8](repeating: 0, count: Self.padding))
    try file.endSection()
    var pairs: [(field: Int, writer: PairListsWriter)] = []
    for (place, field) in fields.textFields.enumerated() where place < statistics.count {
      let writer = try pairMembers[place].writer(
        lengths: UnsafeBufferPointer(lengthCodes(ofTextField: place)),
        totalLength: statistics[place].totalLength, rangeCount: threads.count)
      if let writer { pairs.append((field, writer)) }
    }
    pairMembers = []
    let writers = pairs.map(\.writer)
    try threads.perform {
      for writer in writers { writer.sample($0) }
    }
    for writer in writers { writer.choose() }
    try threads.perform {
      for writer in writers { writer.collect($0) }
    } meanwhile: { () throws(IndexError) in
      try file.writeSection(.termDictionary, dictionary.finish())
      dictionary = TermDictionaryWriter()
      if synchronizing { try file.synchronize() }
    }
    try threads.perform { _ in
      for writer in writers { writer.code() }
    }
    for (field, writer) in pairs {
      guard let section = try writer.section() else { continue }
      try file.writeSection(.pairLists, field: UInt16(field), section)
    }
  }

  /// Writes the counts and completes the file.
  ///
  /// - Parameter synchronizing: Whether to wait until the file is on the medium; where not, the
  ///   file's ``SegmentFileWriter/unsynchronized`` does it before a commit.
  /// - Returns: The segment's entry in a manifest.
  /// - Throws: What the file throws.
  package func finish(synchronizing: Bool = true) throws(IndexError) -> Manifest.SegmentEntry {
    let info = SegmentInfo(
      documentCount: UInt32(documentCount), fields: fields, statistics: statistics)
    try info.write(to: file)
    let summary = try file.finish(synchronizing: synchronizing)
    return Manifest.SegmentEntry(
      id: summary.segmentID, documentCount: UInt32(documentCount),
      sizeInBytes: summary.sizeInBytes, checksum: summary.checksum)
  }

  /// Removes the file of a segment that is given up.
  package func discard() {
    file.discard()
  }
}
