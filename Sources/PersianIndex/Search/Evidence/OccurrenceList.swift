// SPDX-License-Identifier: Apache-2.0

/// How often single documents of one segment, asked for in ascending order, have a term or a written
/// form.
///
/// It owns memory: its one owner calls ``deallocate()``.
struct OccurrenceList {
  /// The lists whose frequencies add up.
  private var added: [PlacedList] = []
  /// The list whose frequencies are taken off.
  private var removed: PlacedList?

  /// Opens the lists of a key, of which the segment may have none.
  init(
    _ field: CompiledTerm.FieldKey, in segment: SearchSegment, _ searcher: SegmentSearcher
  ) throws(IndexError) {
    func list(_ key: [UInt8]) throws(IndexError) -> PlacedList? {
      try PlacedList(.init(key: key, weight: field.weight), in: segment, searcher)
    }
    do throws(IndexError) {
      if let listed = try list(field.key) { added.append(listed) }
      guard let keys = WrittenFormKeys(field.key), let term = try list(keys.term) else { return }
      added.append(term)
      removed = try list(keys.otherwise)
    } catch {
      deallocate()
      throw error
    }
  }

  func deallocate() {
    for list in added { list.deallocate() }
    removed?.deallocate()
  }

  /// Whether no document of the segment has it.
  var isEmpty: Bool { added.isEmpty }

  /// How often a document, not before the one asked for last, has it, divided by K and weighed by
  /// its field.
  func normalizedFrequency(in document: UInt32) throws(IndexError) -> Float {
    guard let first = added.first else { return 0 }
    var frequency = 0
    for list in added { frequency += Int(try list.frequency(in: document)) }
    if frequency > 0, let removed { frequency -= Int(try removed.frequency(in: document)) }
    return first.normalized(Float(max(frequency, 0)), in: document)
  }
}
