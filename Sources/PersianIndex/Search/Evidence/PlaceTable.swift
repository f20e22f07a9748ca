// SPDX-License-Identifier: Apache-2.0

/// Numbers different values in the order in which they are first met.
///
/// Queries have few words: up to ``listed`` values are compared one by one, which takes less time
/// than hashing one.
struct PlaceTable<Value: Hashable> {
  private static var listed: Int { 8 }

  private var values: [Value] = []
  private var places: [Value: Int] = [:]

  /// The number of a value, which is that of the values met before where it is met for the first
  /// time.
  mutating func place(of value: Value) -> Int {
    if values.count <= Self.listed {
      if let place = values.firstIndex(of: value) { return place }
      values.append(value)
      if values.count > Self.listed {
        for (place, value) in values.enumerated() { places[value] = place }
      }
      return values.count - 1
    }
    if let place = places[value] { return place }
    places[value] = places.count
    return places.count - 1
  }
}
