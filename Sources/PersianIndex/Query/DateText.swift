// SPDX-License-Identifier: Apache-2.0

/// Reads dates as people write them, in either calendar.
///
/// Years below 1,700 are Jalali, others Gregorian. A date without a day covers its whole month, one
/// without a month its whole year.
package enum DateText {
  /// The instants that a date covers, or `nil` where the text is not a date.
  ///
  /// It reads `1399/08/28`, `۱۳۹۹-۰۸`, `2020-11-18T13:35:00Z`, `28 آبان 1399`, `18 November 2020`.
  package static func range(_ text: String) -> ClosedRange<Timestamp>? {
    let ascii = NumberText.ascii(text)
    if let mark = ascii.firstIndex(of: "T"), mark > ascii.startIndex,
      let day = numeric(ascii[..<mark]), let time = timeOfDay(ascii[ascii.index(after: mark)...])
    {
      let instant = Timestamp(
        secondsSince1970: day.lowerBound.secondsSince1970 + Int64(time.seconds - time.zone))
      return instant...instant
    }
    return numeric(Substring(ascii)) ?? named(ascii)
  }

  private static func numeric(_ text: Substring) -> ClosedRange<Timestamp>? {
    let parts = text.split(
      omittingEmptySubsequences: false, whereSeparator: { "/-.".contains($0) })
    guard (1...3).contains(parts.count) else { return nil }
    let numbers = parts.compactMap { $0.utf8.count <= 4 ? Int($0) : nil }
    guard numbers.count == parts.count, numbers[0] > 0 else { return nil }
    return covered(
      year: numbers[0], month: numbers.count > 1 ? numbers[1] : nil,
      day: numbers.count > 2 ? numbers[2] : nil)
  }

  private static func named(_ text: String) -> ClosedRange<Timestamp>? {
    let words = text.lowercased().split { $0.isWhitespace || $0 == "\u{200C}" || $0 == "،" }
    guard (2...3).contains(words.count), let year = Int(words[words.count - 1]) else { return nil }
    guard let month = monthNumbers[fold(words[words.count - 2])] else { return nil }
    if words.count == 2 { return covered(year: year, month: month, day: nil) }
    return Int(words[0]).flatMap { covered(year: year, month: month, day: $0) }
  }

  private static func fold(_ word: Substring) -> String {
    var result = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      switch scalar {
      case "ي", "ى", "ئ": result.append("ی")
      case "ك": result.append("ک")
      case "آ", "أ": result.append("ا")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Names with their letters folded; the Gregorian ones as written in Iran and in English.
  private static let monthNumbers: [String: Int] = {
    let lists = [
      "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند",
      "ژانویه فوریه مارس اوریل مه ژوین ژوییه اوت سپتامبر اکتبر نوامبر دسامبر",
      "january february march april may june july august september october november december",
    ]
    var result = ["امرداد": 5, "می": 5, "جولای": 7, "اگوست": 8]
    for list in lists {
      for (number, name) in list.split(separator: " ").enumerated() {
        result[String(name)] = number + 1
      }
    }
    return result
  }()

  private static func covered(year: Int, month: Int?, day: Int?) -> ClosedRange<Timestamp>? {
    let calendar: Timestamp.Calendar = year < 1_700 ? .jalali : .gregorian
    guard
      let start = Timestamp(
        calendar: calendar, year: year, month: month ?? 1, day: day ?? 1)
    else { return nil }
    let next: Timestamp?
    if day != nil {
      next = Timestamp(secondsSince1970: start.secondsSince1970 + 86_400)
    } else if let month, month < 12 {
      next = Timestamp(calendar: calendar, year: year, month: month + 1, day: 1)
    } else {
      next = Timestamp(calendar: calendar, year: year + 1, month: 1, day: 1)
    }
    return next.map { start...Timestamp(secondsSince1970: $0.secondsSince1970 - 1) }
  }

  /// Reads `13:35`, `13:35:00`, with `Z` or `+03:30` after it; the zone is in seconds east.
  private static func timeOfDay(_ text: Substring) -> (seconds: Int, zone: Int)? {
    var text = text
    var zone = 0
    if text.hasSuffix("Z") {
      text.removeLast()
    } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let parts = text[text.index(after: sign)...].split(separator: ":")
      guard parts.count == 2, let hours = Int(parts[0]), let minutes = Int(parts[1]),
        (0...14).contains(hours), (0...59).contains(minutes)
      else { return nil }
      zone = (hours * 60 + minutes) * (text[sign] == "-" ? -60 : 60)
      text = text[..<sign]
    }
    if let point = text.firstIndex(of: ".") { text = text[..<point] }
    let parts = text.split(separator: ":").compactMap { Int($0) }
    guard (2...3).contains(parts.count), (0...23).contains(parts[0]), (0...59).contains(parts[1]),
      parts.count == 2 || (0...59).contains(parts[2])
    else { return nil }
    return (parts[0] * 3_600 + parts[1] * 60 + (parts.count == 3 ? parts[2] : 0), zone)
  }
}
