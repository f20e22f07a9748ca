// SPDX-License-Identifier: Apache-2.0

/// An array that needs no memory of its own while it holds a single element.
///
/// Most indexes have one segment after a merge and most queries search one field, so that what a
/// query keeps for each of them is mostly one value.
package struct SmallArray<Element> {
  private var storage: Storage

  fileprivate enum Storage {
    case one(Element)
    case many([Element])
  }

  /// Creates an empty array.
  package init() {
    storage = .many([])
  }

  /// Creates an array of what an array holds.
  package init(_ elements: [Element]) {
    storage = elements.count == 1 ? .one(elements[0]) : .many(elements)
  }

  /// Adds an element behind the others.
  ///
  /// - Complexity: O(1) on average.
  package mutating func append(_ element: Element) {
    switch storage {
    case .one(let first):
      storage = .many([first, element])
    case .many(var elements):
      if elements.isEmpty {
        storage = .one(element)
      } else {
        storage = .many([])
        elements.append(element)
        storage = .many(elements)
      }
    }
  }
}

extension SmallArray: RandomAccessCollection {
  /// Always 0.
  package var startIndex: Int { 0 }

  /// The number of elements.
  package var endIndex: Int {
    switch storage {
    case .one: 1
    case .many(let elements): elements.count
    }
  }

  /// An element.
  ///
  /// - Parameter index: Its place, at least 0 and less than the number of elements; any other is a
  ///   programmer error and traps.
  package subscript(index: Int) -> Element {
    switch storage {
    case .one(let element):
      precondition(index == 0, "an array of one element has but place 0")
      return element
    case .many(let elements):
      return elements[index]
    }
  }
}

extension SmallArray: ExpressibleByArrayLiteral {
  /// Creates an array of the elements of a literal.
  package init(arrayLiteral elements: Element...) {
    self.init(elements)
  }
}

extension SmallArray: Sendable where Element: Sendable {}
extension SmallArray.Storage: Sendable where Element: Sendable {}

// An array of one element is never kept as one of many, so equal arrays are kept alike.
extension SmallArray: Equatable where Element: Equatable {}
extension SmallArray.Storage: Equatable where Element: Equatable {}
extension SmallArray: Hashable where Element: Hashable {}
extension SmallArray.Storage: Hashable where Element: Hashable {}
