// SPDX-License-Identifier: Apache-2.0

/// Where the lists of some terms and written forms are, in every segment, and what finding each
/// tells.
struct EvidenceLists {
  /// What the dictionaries say of one key.
  private struct Key {
    var field: UInt8
    /// The list in each segment.
    var infos: [TermInfo?] = []
    var documentFrequency = 0
  }

  /// For every field of every term its key, of a written form all that ``WrittenFormKeys`` names.
  private var keys: [Key] = []
  /// Where those of each term begin in ``keys``.
  private var starts: [Int] = []
  /// What finding each term tells.
  private(set) var idf: [Float] = []

  /// Of each term, whether it is a written form that equals the word it is of.
  private var equalsWord: [Bool] = []

  /// Looks a term up.
  ///
  /// - Parameters:
  ///   - fields: Its dictionary keys.
  ///   - searcher: What is searched.
  ///   - word: Of a written form, the word that it is of, which was looked up in `words`.
  ///   - wordFields: The keys of that word.
  ///   - words: What knows that word.
  /// - Throws: `.corrupt` where a dictionary is damaged.
  mutating func append(
    _ fields: [CompiledTerm.FieldKey], _ searcher: borrowing SegmentSearcher,
    of word: Int? = nil, _ wordFields: [CompiledTerm.FieldKey] = [],
    in words: EvidenceLists? = nil
  ) throws(IndexError) {
    starts.append(keys.count)
    var greatest = 0
    let isWord =
      word != nil && fields.count == wordFields.count
      && zip(fields, wordFields).allSatisfy { WrittenFormKeys($0.key)?.term == $1.key }
    equalsWord.append(isWord)
    for (place, field) in fields.enumerated() {
      let first = keys.count
      for key in WrittenFormKeys(field.key)?.all ?? [field.key] {
        if isWord, keys.count == first + 1, let words, let word {
          keys.append(words.keys[words.starts[word] + place])
        } else {
          keys.append(try Self.key(key, searcher))
        }
      }
      greatest = max(
        greatest,
        keys.count == first + 1
          ? keys[first].documentFrequency
          : WrittenFormKeys.documentFrequency(
            listed: keys[first].documentFrequency, term: keys[first + 1].documentFrequency,
            otherwise: keys[first + 2].documentFrequency))
    }
    idf.append(greatest == 0 ? 0 : searcher.inverseDocumentFrequency(greatest))
  }

  private static func key(
    _ bytes: [UInt8], _ searcher: borrowing SegmentSearcher
  ) throws(IndexError) -> Key {
    var key = Key(field: bytes.first ?? 0)
    key.infos.reserveCapacity(searcher.segments.count)
    for segment in searcher.segments {
      key.infos.append(try EvidenceScorer.find(bytes, in: segment))
    }
    key.documentFrequency =
      if let collection = searcher.collection {
        try collection.documentFrequency(of: bytes)
      } else {
        key.infos.reduce(0) { $0 + Int($1?.documentFrequency ?? 0) }
      }
    return key
  }

  /// Opens the lists of a term in a segment, one for each of its fields.
  func lists(
    of term: Int, _ fields: [CompiledTerm.FieldKey], in segment: Int,
    _ searcher: borrowing SegmentSearcher
  ) throws(IndexError) -> [OccurrenceList] {
    var lists: [OccurrenceList] = []
    lists.reserveCapacity(fields.count)
    var next = starts[term]
    for field in fields {
      var list = OccurrenceList()
      do throws(IndexError) {
        list.listed = try open(keys[next], field.weight, in: segment, searcher)
        next += 1
        if WrittenFormKeys(field.key) != nil {
          let (own, otherwise) = (keys[next], keys[next + 1])
          next += 2
          let occurrences = own.infos[segment]?.totalTermFrequency ?? 0
          if occurrences > otherwise.infos[segment]?.totalTermFrequency ?? 0 {
            list.otherwise = try open(otherwise, field.weight, in: segment, searcher)
            list.isOfWord = equalsWord[term]
            if !list.isOfWord || (list.listed == nil && list.otherwise == nil) {
              list.own = try open(own, field.weight, in: segment, searcher)
            }
          }
        }
        lists.append(list)
      } catch {
        list.deallocate()
        for list in lists { list.deallocate() }
        throw error
      }
    }
    return lists
  }

  private func open(
    _ key: Key, _ weight: Float, in segment: Int, _ searcher: borrowing SegmentSearcher
  ) throws(IndexError) -> PlacedList? {
    guard let info = key.infos[segment] else { return nil }
    return try PlacedList(
      field: key.field, weight: weight, info, in: searcher.segments[segment], searcher)
  }
}
