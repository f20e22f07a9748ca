// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct WildcardPatternTests {
  @Test(arguments: [
    ("ک*ب", "کتاب", true), ("ک*ب", "کب", true), ("ک*ب", "کتابی", false), ("ک?اب", "کتاب", true),
    ("ک?اب", "کاب", false), ("*خانه", "کتابخانه", true), ("*", "", true), ("?", "", false),
    ("?", "ک", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXcYb", false), ("**a", "ba", true),
    ("*ab?", "aababc", true), ("ک", "کتاب", false),
  ])
  func `matches whole terms, letter by letter`(pattern: String, term: String, expected: Bool) {
    let compiled = WildcardPattern(pattern) { Array($0.utf8) }
    #expect(compiled.matches(Array(term.utf8)[...]) == expected)
  }

  @Test func `a hostile pattern takes no more than the product of the lengths`() {
    let pattern = WildcardPattern(String(repeating: "*a", count: 200) + "b") { Array($0.utf8) }
    #expect(!pattern.matches(Array(repeating: UInt8(ascii: "a"), count: 2_000)[...]))
  }
}
