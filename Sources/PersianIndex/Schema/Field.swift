// SPDX-License-Identifier: Apache-2.0

/// One named part of the documents of an index: what it holds and how it can be searched.
public struct Field: Sendable, Hashable {
  /// What a field holds.
  public enum Kind: UInt8, Sendable, Hashable {
    /// Prose: analysed into terms with positions, ranked, searched by words and phrases.
    case text = 1
    /// One exact value such as a category or an author: searched, filtered and counted as a whole.
    case keyword = 2
    /// A 64-bit whole number, for ranges and sorting.
    case integer = 3
    /// A finite double-precision number, for ranges and sorting.
    case number = 4
    /// An instant, for ranges, sorting and facets by month or year.
    case date = 5
    /// A text that is only kept and given back with a hit.
    case stored = 6
  }

  /// The field's name: 1 to 255 bytes, unique in its schema.
  public let name: String
  /// What the field holds.
  public let kind: Kind
  /// How much a word in this field counts against one in a field of weight 1; more than 0.
  public let weight: Double
  /// Whether the original value is kept, for snippets, display and export.
  public let isStored: Bool

  /// Creates a field of prose.
  ///
  /// - Parameters:
  ///   - name: The field's name: 1 to 255 bytes, unique in its schema.
  ///   - weight: How much a word counts here against one in a field of weight 1: more than 0 and
  ///     at most 1,000.
  ///   - isStored: Whether the text is kept. Snippets need it; leaving it out makes the index
  ///     much smaller.
  /// - Returns: The field, for a ``Schema``.
  public static func text(_ name: String, weight: Double = 1, isStored: Bool = true) -> Field {
    Field(name: name, kind: .text, weight: weight, isStored: isStored)
  }

  /// Creates a field of one exact value.
  ///
  /// - Parameters:
  ///   - name: The field's name: 1 to 255 bytes, unique in its schema.
  ///   - isStored: Whether the value is kept.
  /// - Returns: The field, for a ``Schema``.
  public static func keyword(_ name: String, isStored: Bool = true) -> Field {
    Field(name: name, kind: .keyword, weight: 1, isStored: isStored)
  }

  /// Creates a field of whole numbers.
  ///
  /// - Parameters:
  ///   - name: The field's name: 1 to 255 bytes, unique in its schema.
  ///   - isStored: Whether the value is kept.
  /// - Returns: The field, for a ``Schema``.
  public static func integer(_ name: String, isStored: Bool = true) -> Field {
    Field(name: name, kind: .integer, weight: 1, isStored: isStored)
  }

  /// Creates a field of double-precision numbers.
  ///
  /// - Parameters:
  ///   - name: The field's name: 1 to 255 bytes, unique in its schema.
  ///   - isStored: Whether the value is kept.
  /// - Returns: The field, for a ``Schema``.
  public static func number(_ name: String, isStored: Bool = true) -> Field {
    Field(name: name, kind: .number, weight: 1, isStored: isStored)
  }

  /// Creates a field of instants.
  ///
  /// - Parameters:
  ///   - name: The field's name: 1 to 255 bytes, unique in its schema.
  ///   - isStored: Whether the value is kept.
  /// - Returns: The field, for a ``Schema``.
  public static func date(_ name: String, isStored: Bool = true) -> Field {
    Field(name: name, kind: .date, weight: 1, isStored: isStored)
  }

  /// Creates a field that is kept but not searched.
  ///
  /// - Parameter name: The field's name: 1 to 255 bytes, unique in its schema.
  /// - Returns: The field, for a ``Schema``.
  public static func stored(_ name: String) -> Field {
    Field(name: name, kind: .stored, weight: 1, isStored: true)
  }

  package init(name: String, kind: Kind, weight: Double, isStored: Bool) {
    self.name = name
    self.kind = kind
    self.weight = weight
    self.isStored = isStored
  }

  /// Whether documents carry the field as a column of 64-bit values.
  package var isColumn: Bool {
    switch kind {
    case .integer, .number, .date: true
    case .text, .keyword, .stored: false
    }
  }
}
