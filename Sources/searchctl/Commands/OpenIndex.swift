// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Opens the index that a command line speaks of.
enum OpenIndex {
  static func index(at location: IndexLocation) throws -> SearchIndex {
    do throws(IndexError) {
      return try SearchIndex.open(at: location.directory)
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(
        "no index at \(location.shown)", hint: "create one with `searchctl index PATH`")
    }
  }

  static func searcher(at location: IndexLocation) throws -> Searcher {
    try index(at: location).searcher()
  }
}
