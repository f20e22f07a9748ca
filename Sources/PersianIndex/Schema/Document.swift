// SPDX-License-Identifier: Apache-2.0

/// A document to be indexed, or one that the index gives back.
///
///     let document = Document(
///       key: "mehr/1",
///       ["title": "نشست تعاون‌گران", "body": "به گزارش خبرگزاری مهر …"])
public struct Document: Sendable, Hashable {
  /// The document's own name, unique in the index.
  public var key: DocumentKey
  /// The values by field name.
  ///
  /// A field that is missing here is missing in the document.
  public var fields: [String: FieldValue]

  /// Creates a document.
  ///
  /// - Parameters:
  ///   - key: The document's own name: 1 to 8,192 bytes.
  ///   - fields: The values by field name. Names and kinds are checked against the schema where
  ///     the document is added.
  public init(key: DocumentKey, _ fields: [String: FieldValue] = [:]) {
    self.key = key
    self.fields = fields
  }

  /// The value of a field; `nil` where the document does not have it.
  ///
  /// - Parameter name: The field's name.
  public subscript(name: String) -> FieldValue? {
    get { fields[name] }
    set { fields[name] = newValue }
  }
}
