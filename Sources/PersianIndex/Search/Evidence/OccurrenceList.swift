// SPDX-License-Identifier: Apache-2.0

/// How often single documents of one segment, asked for in ascending order, have a term or a written
/// form in one field; see ``WrittenFormKeys``.
///
/// It owns memory: its one owner calls ``deallocate()``.
struct OccurrenceList {
  /// The list of the term, or of the tokens with the written form and another term.
  var listed: PlacedList?
  /// Of a written form that is a term: the list of that term, where it is needed.
  var own: PlacedList?
  /// Whether that term is the word of which this is the form, so that its frequency is known.
  var isOfWord = false
  /// The tokens of that term that are written otherwise.
  var otherwise: PlacedList?

  func deallocate() {
    listed?.deallocate()
    own?.deallocate()
    otherwise?.deallocate()
  }

  /// How often a document, not before the one asked for last, has it, divided by K and weighed by
  /// its field.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - wordFrequency: How often it has the word that this is a form of.
  /// - Returns: The number; 0 where the document does not have it.
  /// - Throws: `.corrupt` where a list is damaged.
  func normalizedFrequency(
    in document: UInt32, wordFrequency: Int
  ) throws(IndexError) -> Float {
    var frequency = Int(try listed?.frequency(in: document) ?? 0)
    let ofTerm = isOfWord ? wordFrequency : Int(try own?.frequency(in: document) ?? 0)
    if ofTerm > 0 {
      frequency += max(0, ofTerm - Int(try otherwise?.frequency(in: document) ?? 0))
    }
    guard frequency > 0, let list = listed ?? own ?? otherwise else { return 0 }
    return list.normalized(Float(frequency), in: document)
  }
}
