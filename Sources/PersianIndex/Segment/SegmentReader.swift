// SPDX-License-Identifier: Apache-2.0

/// Everything of one segment, opened for reading.
///
/// Opening checks the frame of the file, the checksums of its small sections, and that the lengths of
/// all sections agree with the number of documents, so that later reads stay inside the mapping.
/// Nothing of it changes afterwards: any number of threads may read, without locks.
package final class SegmentReader: @unchecked Sendable {
  // Sendable: all properties are constant, and nobody writes to the bytes.

  /// The file's entry in a manifest that lists it without deletions.
  package let entry: Manifest.SegmentEntry
  /// The file.
  package let file: SegmentFile
  /// The counts of the segment.
  package let info: SegmentInfo
  /// The term dictionary.
  package let dictionary: TermDictionaryReader
  /// The posting lists.
  package let postings: PostingsReader
  /// The insertion numbers.
  package let sequences: SequenceReader
  /// The keys of the documents.
  package let keys: DocumentKeysReader
  /// What is given back with each document.
  package let stored: StoredFieldsReader
  /// Every indexed field, by its number.
  package let searchFields: [SearchSegment.Field]
  private let columns: [DocValuesReader?]
  // Keyword fields have no lengths of their own: every value is one term.
  private let keywordLengths: UnsafeMutableBufferPointer<UInt8>

  /// The number of documents, deleted ones included.
  package var documentCount: Int { Int(info.documentCount) }

  /// Opens a segment that a manifest lists.
  ///
  /// - Parameters:
  ///   - entry: The manifest's entry.
  ///   - directory: The directory of the index.
  /// - Throws: `.corrupt` when the file is damaged or another one, `.formatTooNew`,
  ///   `.formatTooOld`, and what the directory throws.
  package convenience init(
    _ entry: Manifest.SegmentEntry, in directory: any StorageDirectory
  ) throws(IndexError) {
    try self.init(SegmentFile(entry, in: directory))
    guard info.documentCount == entry.documentCount else {
      throw file.corrupt("it has another number of documents than the manifest says", .segmentInfo)
    }
  }

  /// Opens a segment file.
  ///
  /// - Parameter file: The file.
  /// - Throws: `.corrupt` when a section is missing or does not fit the others.
  package init(_ file: SegmentFile) throws(IndexError) {
    let info = try SegmentInfo(file)
    let count = Int(info.documentCount)
    let dictionary = try TermDictionaryReader(bytes: file.requiredSection(.termDictionary))
    let postings = PostingsReader(bytes: try file.requiredSection(.postings))
    let sequences = try SequenceReader(file, documentCount: count)
    let keys = try DocumentKeysReader(file)
    let stored = try StoredFieldsReader(file)
    guard keys.documentCount == count else {
      throw file.corrupt("there are keys of \(keys.documentCount) documents", .documentKeys)
    }
    guard stored.documentCount == count else {
      throw file.corrupt("there are \(stored.documentCount) documents", .storedFieldsIndex)
    }
    var columns: [DocValuesReader?] = []
    for field in info.fields.kinds.indices {
      let column =
        info.fields.isColumn(field) ? try DocValuesReader(file, column: UInt16(field)) : nil
      guard column?.documentCount ?? count == count else {
        throw file.corrupt("it has another number of documents", .docValues, field: UInt16(field))
      }
      columns.append(column)
    }
    let hasKeywords = info.fields.kinds.contains(.keyword)
    let keywordLengths = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: hasKeywords ? count : 0)
    keywordLengths.initialize(repeating: FieldLengthCode.encode(1))
    do {
      searchFields = try Self.searchFields(file, info, keywordLengths: keywordLengths)
    } catch {
      keywordLengths.deallocate()
      throw error
    }
    self.file = file
    self.info = info
    self.dictionary = dictionary
    self.postings = postings
    self.sequences = sequences
    self.keys = keys
    self.stored = stored
    self.columns = columns
    self.keywordLengths = keywordLengths
    entry = Manifest.SegmentEntry(
      id: file.segmentID, documentCount: info.documentCount,
      sizeInBytes: UInt64(file.bytes.bytes.count), checksum: file.checksum)
  }

  deinit {
    keywordLengths.deallocate()
  }

  /// Returns the column of a field.
  ///
  /// - Parameter field: The field's place in the schema.
  /// - Returns: The column; `nil` where no document of the segment has a value in it, or the field
  ///   is not a column.
  package func column(_ field: Int) -> DocValuesReader? {
    columns.indices.contains(field) ? columns[field] : nil
  }

  /// Returns the value of a column in a document.
  ///
  /// - Parameters:
  ///   - field: The field's place in the schema.
  ///   - document: A doc id below ``documentCount``.
  /// - Returns: The value; `nil` where the document has none or the field is not a column.
  /// - Complexity: O(1).
  package func column(_ field: Int, document: UInt32) -> Int64? {
    column(field)?.value(of: document)
  }

  /// Returns the codes of a text field's lengths.
  ///
  /// - Parameter field: The field's place in the schema.
  /// - Returns: The codes, by doc id; empty for another kind of field.
  package func lengths(of field: Int) -> UnsafeBufferPointer<UInt8> {
    let number = Int(IndexedFields.terms(of: field))
    return searchFields.indices.contains(number) && info.fields.isText(field)
      ? searchFields[number].lengths : UnsafeBufferPointer(start: nil, count: 0)
  }

  private static func searchFields(
    _ file: SegmentFile, _ info: SegmentInfo,
    keywordLengths: UnsafeMutableBufferPointer<UInt8>
  ) throws(IndexError) -> [SearchSegment.Field] {
    var fields: [SearchSegment.Field] = []
    var statistics = info.statistics.makeIterator()
    for (place, kind) in info.fields.kinds.enumerated() {
      var lengths = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
      var total: UInt64 = 0
      if kind == .text {
        let bytes = try file.requiredSection(.fieldLengths, field: UInt16(place))
        guard bytes.count == Int(info.documentCount) else {
          throw file.corrupt(
            "there are \(bytes.count) lengths of \(info.documentCount) documents",
            .fieldLengths, field: UInt16(place))
        }
        lengths = bytes.bindMemory(to: UInt8.self)
        total = statistics.next()?.totalLength ?? 0
      } else if kind == .keyword {
        lengths = UnsafeBufferPointer(keywordLengths)
        total = UInt64(info.documentCount)
      }
      fields.append(
        SearchSegment.Field(
          lengths: lengths, totalLength: total, hasPositions: kind == .text,
          pairs: kind == .text ? try pairs(file, info, field: place) : nil))
      fields.append(SearchSegment.Field(lengths: lengths, totalLength: total, hasPositions: false))
    }
    return fields
  }

  private static func pairs(
    _ file: SegmentFile, _ info: SegmentInfo, field: Int
  ) throws(IndexError) -> PairLists? {
    guard let bytes = file.section(.pairLists, field: UInt16(field)) else { return nil }
    guard let pairs = PairLists(bytes: bytes, limit: info.documentCount) else {
      throw file.corrupt("the pairs contradict each other", .pairLists, field: UInt16(field))
    }
    return pairs
  }
}
