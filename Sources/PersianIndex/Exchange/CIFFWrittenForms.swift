// SPDX-License-Identifier: Apache-2.0

/// Gives the posting lists of a CIFF file, in their order, the lists of written forms that go with
/// them; see ``CIFFExtension``.
struct CIFFWrittenForms {
  private var otherwise: CIFFListCursor
  private var hasOtherwise: Bool
  private var forms: CIFFListCursor
  private var hasForm: Bool

  /// Creates the lists of written forms of a text field.
  ///
  /// - Parameters:
  ///   - documents: The documents.
  ///   - field: The place of the field in the schema.
  /// - Throws: `.corrupt` where the index is damaged.
  init(_ documents: CIFFDocuments, of field: Int) throws(IndexError) {
    let number = IndexedFields.writtenForms(of: field)
    otherwise = try CIFFListCursor(documents, field: number, from: [WrittenFormKeys.mark])
    hasOtherwise = try otherwise.next()
    forms = try CIFFListCursor(
      documents, field: number, from: Array(IndexedFields.firstKey(of: number).dropFirst()))
    hasForm = try forms.next()
  }

  /// Appends what goes with the next posting list.
  ///
  /// - Parameters:
  ///   - message: The message of the posting list.
  ///   - term: Its term, greater than those before.
  ///   - isLast: Whether no list follows.
  /// - Throws: `.corrupt` where the index is damaged.
  mutating func append(
    to message: inout ProtocolBuffer.Message, with term: ArraySlice<UInt8>, isLast: Bool
  ) throws(IndexError) {
    while hasOtherwise, WrittenFormKeys.isOtherwise(otherwise.key),
      !term.lexicographicallyPrecedes(otherwise.key.dropFirst(2))
    {
      if otherwise.key.dropFirst(2) == term {
        message.append(CIFFExtension.otherwise, otherwise.message(of: term))
      }
      hasOtherwise = try otherwise.next()
    }
    while hasForm, isLast || !term.lexicographicallyPrecedes(forms.key.dropFirst()) {
      message.append(CIFFExtension.forms, forms.message(of: forms.key.dropFirst()))
      hasForm = try forms.next()
    }
  }
}
