// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct TimestampTests {
  @Test(arguments: [
    ((1399, 8, 28), (2020, 11, 18)), ((1399, 12, 30), (2021, 3, 20)), ((1400, 1, 1), (2021, 3, 21)),
    ((1403, 12, 30), (2025, 3, 20)), ((1357, 11, 22), (1979, 2, 11)),
    ((1404, 9, 17), (2025, 12, 8)), ((1348, 10, 11), (1970, 1, 1)), ((1285, 5, 14), (1906, 8, 6)),
  ])
  func `یک روز در تقویم جلالی و میلادی یک لحظه است`(
    jalali: (Int, Int, Int), gregorian: (Int, Int, Int)
  ) throws {
    let one = try #require(
      Timestamp(calendar: .jalali, year: jalali.0, month: jalali.1, day: jalali.2))
    let other = try #require(
      Timestamp(calendar: .gregorian, year: gregorian.0, month: gregorian.1, day: gregorian.2))
    #expect(one == other)
    #expect(one.date(in: .jalali) == jalali)
    #expect(one.date(in: .gregorian) == gregorian)
  }

  @Test func `every day of four centuries survives the way there and back`() throws {
    for day in stride(from: -80_000, through: 80_000, by: 1) {
      let instant = Timestamp(secondsSince1970: Int64(day) * 86_400 + 12)
      for calendar in [Timestamp.Calendar.gregorian, .jalali] {
        let (year, month, dayOfMonth) = instant.date(in: calendar)
        let again = Timestamp(
          calendar: calendar, year: year, month: month, day: dayOfMonth, second: 12)
        #expect(again == instant)
      }
    }
  }

  @Test func `refuses dates that do not exist`() {
    #expect(Timestamp(calendar: .jalali, year: 1400, month: 12, day: 30) == nil)
    #expect(Timestamp(calendar: .gregorian, year: 2021, month: 2, day: 29) == nil)
    #expect(Timestamp(calendar: .gregorian, year: 2021, month: 13, day: 1) == nil)
    #expect(Timestamp(calendar: .jalali, year: 1400, month: 1, day: 1, second: 86_400) == nil)
  }

  @Test func `describes itself in ISO 8601`() {
    #expect(Timestamp(secondsSince1970: 1_605_706_500).description == "2020-11-18T13:35:00Z")
    #expect(Timestamp(secondsSince1970: -1).description == "1969-12-31T23:59:59Z")
    #expect(Timestamp(secondsSince1970: .max).description.hasSuffix("Z"))
    #expect(Timestamp(secondsSince1970: .min).date(in: .jalali).day >= 1)
  }
}
