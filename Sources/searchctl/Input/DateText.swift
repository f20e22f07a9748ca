// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Dates as documents write them.
enum DateText {
  /// Reads a date, with or without a time of day.
  ///
  /// Understood are ISO 8601 and its likes (`2020-11-18T13:35:00+03:30`, `2020/11/18 13:35`) in
  /// any digits, years before 1700 being Jalali ones (`۱۳۹۹/۰۸/۲۸`), and whole numbers of ten and
  /// more digits, which count seconds or milliseconds since 1970.
  ///
  /// - Returns: The instant; UTC where the text names no zone; `nil` where it is no date.
  static func timestamp(_ text: String) -> Timestamp? {
    var rest = Array(Digits.latin(text).utf8).filter { $0 != UInt8(ascii: "\r") }[...]
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    if let seconds = epoch(rest) { return Timestamp(secondsSince1970: seconds) }
    guard let year = number(&rest, digits: 4...4), separator(&rest),
      let month = number(&rest, digits: 1...2), separator(&rest),
      let day = number(&rest, digits: 1...2)
    else { return nil }
    let calendar: Timestamp.Calendar = year < 1700 ? .jalali : .gregorian
    var second = 0
    var zone = 0
    if let next = rest.first, [0x54, 0x74, 0x20].contains(next) {
      rest.removeFirst()
      if let (time, offset) = timeOfDay(&rest) {
        second = time
        zone = offset
      }
    }
    guard
      let local = Timestamp(
        calendar: calendar, year: year, month: month, day: day, second: second)
    else { return nil }
    return Timestamp(secondsSince1970: local.secondsSince1970 - Int64(zone))
  }

  private static func epoch(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard bytes.count >= 9, let value = Double(String(decoding: bytes, as: UTF8.self)),
      value.magnitude < 1e17
    else { return nil }
    return Int64(value.magnitude >= 1e11 ? value / 1000 : value)
  }

  private static func timeOfDay(_ rest: inout ArraySlice<UInt8>) -> (second: Int, zone: Int)? {
    guard let hour = number(&rest, digits: 1...2), hour < 24, colon(&rest),
      let minute = number(&rest, digits: 2...2), minute < 60
    else { return nil }
    var second = hour * 3600 + minute * 60
    if colon(&rest), let seconds = number(&rest, digits: 2...2), seconds < 60 {
      second += seconds
      if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
      }
    }
    rest = rest.drop { $0 == UInt8(ascii: " ") }
    var zone = 0
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest.removeFirst()
      if let hours = number(&rest, digits: 2...2) {
        _ = colon(&rest)
        let minutes = number(&rest, digits: 2...2) ?? 0
        zone = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
      }
    }
    return (second, zone)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
    let run = rest.prefix(digits.upperBound).prefix { (0x30...0x39).contains($0) }
    guard run.count >= digits.lowerBound else { return nil }
    rest = rest.dropFirst(run.count)
    return Int(String(decoding: run, as: UTF8.self))
  }

  private static func separator(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let next = rest.first, [0x2D, 0x2F, 0x2E].contains(next) else { return false }
    rest.removeFirst()
    return true
  }

  private static func colon(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: ":") else { return false }
    rest.removeFirst()
    return true
  }
}
