// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// Damaged copies of a golden index that were interesting: each the first to be refused, or to go
/// wrong, in a way of its own.
///
/// The corpus is a text of one block per copy, kept as what differs from the golden index:
///
///     mutant SEED
///     file NAME SIZE
///     at OFFSET HEXADECIMAL-BYTES
package enum MutantCorpus {
  /// The corpus of a format version.
  package static func path(formatVersion: Int) -> String {
    GoldenIndex.path(formatVersion: formatVersion) + "-mutants.txt"
  }

  /// Returns the block of one damaged copy.
  package static func block(
    seed: UInt64, of mutant: MemoryDirectory, from original: any StorageDirectory
  ) throws(IndexError) -> String {
    var text = "mutant \(seed)\n"
    for name in try original.list().sorted() {
      let (old, new) = (try original.bytes(of: name), try mutant.bytes(of: name))
      guard old != new else { continue }
      text += "file \(name) \(new.count)\n"
      var place = 0
      while place < new.count {
        guard place >= old.count || old[place] != new[place] else {
          place += 1
          continue
        }
        // A few equal bytes between two differences cost less than a line.
        var (end, equal) = (place, 0)
        while end < new.count, equal < 6 {
          equal = end < old.count && old[end] == new[end] ? equal + 1 : 0
          end += 1
        }
        end -= equal
        let bytes = new[place..<end].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        text += "at \(place) \(bytes.joined())\n"
        place = end
      }
    }
    return text
  }

  /// Reads a corpus and gives each damaged copy.
  package static func forEachMutant(
    in text: String, of original: any StorageDirectory,
    _ body: (_ seed: String, MemoryDirectory) -> Void
  ) throws(IndexError) {
    var files: [String: [UInt8]] = [:]
    for name in try original.list() { files[name] = try original.bytes(of: name) }
    var (seed, name): (String?, String) = (nil, "")
    var changed = files
    func give() {
      guard let seed else { return }
      let directory = MemoryDirectory(path: "damaged")
      for (name, bytes) in changed { directory.replace(name, with: bytes) }
      body(seed, directory)
    }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words[0] {
      case "mutant":
        give()
        (seed, changed) = (words[1], files)
      case "file":
        name = words[1]
        var bytes = changed[name] ?? []
        let size = Int(words[2]) ?? 0
        bytes.removeLast(max(0, bytes.count - size))
        bytes += [UInt8](repeating: 0, count: size - bytes.count)
        changed[name] = bytes
      default:
        let offset = Int(words[1]) ?? 0
        let digits = Array(words[2].utf8)
        for index in 0..<digits.count / 2 {
          let pair = String(decoding: digits[2 * index...2 * index + 1], as: UTF8.self)
          changed[name]?[offset + index] = UInt8(pair, radix: 16) ?? 0
        }
      }
    }
    give()
  }
}
