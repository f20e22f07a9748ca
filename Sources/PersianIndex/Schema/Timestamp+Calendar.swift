// SPDX-License-Identifier: Apache-2.0

extension Timestamp {
  /// Creates the instant of a date and time of day in UTC, or `nil` where there is no such date.
  ///
  /// - Parameters:
  ///   - calendar: The calendar that `year`, `month` and `day` are given in.
  ///   - year: The year, -9,999 to 9,999 Gregorian or 1 to 9,999 Jalali.
  ///   - month: The month, 1 to 12.
  ///   - day: The day of the month, from 1.
  ///   - second: The seconds since midnight, 0 to 86,399.
  public init?(calendar: Calendar, year: Int, month: Int, day: Int, second: Int = 0) {
    guard (1...12).contains(month), day >= 1, (0..<86_400).contains(second) else { return nil }
    let days: Int
    switch calendar {
    case .gregorian:
      guard (-9_999...9_999).contains(year),
        day <= Gregorian.lengthOfMonth(month, year: year)
      else { return nil }
      days = Gregorian.daysSince1970(year: year, month: month, day: day)
    case .jalali:
      guard (1...9_999).contains(year), day <= Jalali.lengthOfMonth(month, year: year)
      else { return nil }
      days = Jalali.daysSince1970(year: year, month: month, day: day)
    }
    self.init(secondsSince1970: Int64(days) * 86_400 + Int64(second))
  }

  /// Returns the year, month and day in UTC.
  ///
  /// - Parameter calendar: The calendar to give them in.
  /// - Returns: The date; years outside ±9,999 are clamped to the first or last day of that range.
  public func date(in calendar: Calendar) -> (year: Int, month: Int, day: Int) {
    let limit: Int64 = 86_400 * 3_650_000
    let seconds = min(max(secondsSince1970, -limit), limit)
    let days = Int(floorDivide(seconds, 86_400))
    return switch calendar {
    case .gregorian: Gregorian.date(daysSince1970: days)
    case .jalali: Jalali.date(daysSince1970: days)
    }
  }

  /// The seconds since midnight UTC, 0 to 86,399.
  public var secondOfDay: Int {
    Int(secondsSince1970 - floorDivide(secondsSince1970, 86_400) * 86_400)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The instant in ISO 8601, as in `2020-11-18T13:35:00Z`.
  public var description: String {
    let (year, month, day) = date(in: .gregorian)
    let time = secondOfDay
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
      + "T\(padded(time / 3_600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))Z"
  }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number.magnitude)
  return (number < 0 ? "-" : "")
    + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func floorDivide<T: BinaryInteger>(_ value: T, _ divisor: T) -> T {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// The proleptic Gregorian calendar, with years that begin in March so that the leap day comes last.
private enum Gregorian {
  static func lengthOfMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let y = month > 2 ? year : year - 1
    let m = (month + 9) % 12
    let leapDays = floorDivide(y, 4) - floorDivide(y, 100) + floorDivide(y, 400)
    return 365 * y + leapDays + (153 * m + 2) / 5 + day - 1 - 719_468
  }

  static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let m = (5 * dayOfYear + 2) / 153
    let month = m < 10 ? m + 3 : m - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1
    )
  }
}

/// The Jalali calendar by the 33-year cycle: a year is leap where (25 × year + 11) mod 33 < 8.
private enum Jalali {
  static func isLeap(_ year: Int) -> Bool {
    (25 * year + 11) % 33 < 8
  }

  static func lengthOfMonth(_ month: Int, year: Int) -> Int {
    month <= 6 ? 31 : month <= 11 || isLeap(year) ? 30 : 29
  }

  static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    firstDay(of: year) + (month - 1) * 31 - max(0, month - 7) + day - 1
  }

  static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    var year = floorDivide((days - firstDay(of: 1)) * 33, 12_053) + 1
    while firstDay(of: year) > days { year -= 1 }
    while firstDay(of: year + 1) <= days { year += 1 }
    let dayOfYear = days - firstDay(of: year)
    return dayOfYear < 186
      ? (year, dayOfYear / 31 + 1, dayOfYear % 31 + 1)
      : (year, (dayOfYear - 186) / 30 + 7, (dayOfYear - 186) % 30 + 1)
  }

  /// 1 Farvardin 1399 was 20 March 2020, the 18,341st day since 1970.
  private static func firstDay(of year: Int) -> Int {
    18_341 + 365 * (year - 1_399) + floorDivide(8 * year + 21, 33)
      - floorDivide(8 * 1_399 + 21, 33)
  }
}
