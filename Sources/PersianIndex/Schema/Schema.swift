// SPDX-License-Identifier: Apache-2.0

/// The fields that the documents of an index may have.
///
///     let schema = Schema(.text("title", weight: 2), .text("body"), .date("published"))
///
/// A schema is fixed when its index is created. A document may leave any field out, and may not
/// have others.
public struct Schema: Sendable, Hashable {
  /// The most fields a schema can have.
  public static let maximumFieldCount = 120

  /// The fields, in the order given.
  public let fields: [Field]
  /// The places of the text fields.
  package let textFields: [Int]

  /// Creates a schema.
  ///
  /// - Parameter fields: 1 to ``maximumFieldCount`` fields with names of their own. A list that
  ///   breaks this is refused with `.invalidSchema` where an index is created.
  public init(_ fields: Field...) {
    self.init(fields)
  }

  /// Creates a schema from a list.
  ///
  /// - Parameter fields: 1 to ``maximumFieldCount`` fields with names of their own. A list that
  ///   breaks this is refused with `.invalidSchema` where an index is created.
  public init(_ fields: [Field]) {
    self.fields = fields
    textFields = fields.indices.filter { fields[$0].kind == .text }
  }

  /// Returns the place of the field of that name.
  ///
  /// - Parameter name: The field's name.
  /// - Returns: An index into ``fields``; `nil` where no field has the name.
  /// - Complexity: O(*n*) in the number of fields.
  public func index(of name: String) -> Int? {
    fields.firstIndex { $0.name == name }
  }

  /// Checks the rules that every schema must keep.
  package func validate() throws(IndexError) {
    guard !fields.isEmpty else {
      throw IndexError(.invalidSchema, "a schema needs at least one field")
    }
    guard fields.count <= Self.maximumFieldCount else {
      throw IndexError(
        .invalidSchema, "\(fields.count) fields; a schema has at most \(Self.maximumFieldCount)")
    }
    var names: Set<String> = []
    for field in fields {
      guard (1...255).contains(field.name.utf8.count) else {
        throw IndexError(
          .invalidSchema, "field name '\(field.name)' must have 1 to 255 bytes of UTF-8")
      }
      guard names.insert(field.name).inserted else {
        throw IndexError(.invalidSchema, "two fields are named '\(field.name)'; rename one")
      }
      guard field.weight > 0, field.weight <= 1_000 else {
        throw IndexError(
          .invalidSchema,
          "field '\(field.name)' has weight \(field.weight); it must be above 0 and at most 1,000")
      }
    }
  }
}
