// SPDX-License-Identifier: Apache-2.0

/// An instant in whole seconds, readable as a Gregorian or a Jalali date.
///
///     let day = Timestamp(calendar: .jalali, year: 1399, month: 8, day: 28)
///     // day == Timestamp(calendar: .gregorian, year: 2020, month: 11, day: 18)
public struct Timestamp: Sendable, Hashable, Comparable {
  /// A calendar to give and read dates in.
  public enum Calendar: Sendable, Hashable {
    /// The civil calendar of ISO 8601.
    case gregorian
    /// The Persian (Solar Hijri) calendar, with the leap years of the 33-year cycle, which are
    /// those of Iran's official calendar from 1244 to 1472.
    case jalali
  }

  /// The seconds since 1970-01-01T00:00:00Z, negative before.
  public let secondsSince1970: Int64

  /// Creates an instant from its number of seconds.
  ///
  /// - Parameter secondsSince1970: The seconds since 1970-01-01T00:00:00Z, negative before.
  public init(secondsSince1970: Int64) {
    self.secondsSince1970 = secondsSince1970
  }

  /// Orders instants in time.
  ///
  /// - Parameters:
  ///   - lhs: An instant.
  ///   - rhs: Another instant.
  /// - Returns: Whether `lhs` comes first.
  public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
    lhs.secondsSince1970 < rhs.secondsSince1970
  }
}
