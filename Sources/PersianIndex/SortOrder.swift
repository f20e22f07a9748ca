// SPDX-License-Identifier: Apache-2.0

/// An order of hits by the values of a field.
///
///     options.sort = SortOrder(by: "published", isDescending: true)
public struct SortOrder: Sendable, Hashable {
  /// The name of an integer, number or date field.
  public var field: String
  /// Whether the greatest comes first.
  public var isDescending: Bool

  /// Creates an order.
  ///
  /// - Parameters:
  ///   - field: The name of an integer, number or date field.
  ///   - isDescending: Whether the greatest comes first.
  public init(by field: String, isDescending: Bool = false) {
    self.field = field
    self.isDescending = isDescending
  }
}
