// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// Makes damaged copies of an index, as bad media or somebody with bad intentions would.
///
/// Most damage is hidden behind valid checksums, because a checksum protects from accidents only.
package struct IndexMutator {
  private let files: [(name: String, bytes: MappedBytes)]
  private let original: Mutant

  /// The copy that is being damaged.
  private struct Mutant {
    var directory = MemoryDirectory(path: "damaged")
    var manifest: Manifest
    var segments: [SegmentFile]

    func publish() {
      directory.replace(
        IndexFileName.manifest(generation: manifest.generation).description,
        with: manifest.encoded())
    }
  }

  /// Takes the files of an index as the starting point.
  package init(_ directory: any StorageDirectory) throws(IndexError) {
    var files: [(name: String, bytes: MappedBytes)] = []
    for name in try directory.list().sorted() {
      files.append((name, try directory.open(name)))
    }
    self.files = files
    guard let manifest = try ManifestStore(directory).newest() else {
      throw IndexError(.notFound, "there is no index to be damaged")
    }
    var segments: [SegmentFile] = []
    for entry in manifest.segments { segments.append(try SegmentFile(entry, in: directory)) }
    original = Mutant(manifest: manifest, segments: segments)
  }

  /// Returns a damaged copy, the same for the same state of the generator.
  package func mutated(using generator: inout SeededGenerator) -> MemoryDirectory {
    var mutant = original
    mutant.directory = MemoryDirectory(path: "damaged")
    for file in files { mutant.directory.replace(file.name, with: file.bytes) }
    for _ in 0..<Int.random(in: 1...2, using: &generator) {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: damageFile(in: mutant.directory, using: &generator)
      case 1: Self.damageManifest(of: &mutant, using: &generator)
      case 2: Self.damageLiveDocs(of: &mutant, using: &generator)
      case 3: Self.exchangeSections(of: &mutant, using: &generator)
      default: Self.damageSection(of: &mutant, using: &generator)
      }
    }
    return mutant.directory
  }

  private func damageFile(in directory: MemoryDirectory, using generator: inout SeededGenerator) {
    guard let file = files.randomElement(using: &generator) else { return }
    directory.replace(file.name, with: Self.damaged(Array(file.bytes.bytes), using: &generator))
  }

  private static func damageManifest(
    of mutant: inout Mutant, using generator: inout SeededGenerator
  ) {
    let number = interesting(using: &generator)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: mutant.manifest.schema = damaged(mutant.manifest.schema, using: &generator)
    case 1: mutant.manifest.nextSegmentID = number
    case 2: mutant.manifest.nextSequence = number
    case 3:
      mutant.manifest.analyzerData = damaged(mutant.manifest.analyzerData, using: &generator)
    case 4: mutant.manifest.userData = damaged(mutant.manifest.userData, using: &generator)
    case 5: mutant.manifest.segments.shuffle(using: &generator)
    default:
      guard let place = mutant.manifest.segments.indices.randomElement(using: &generator)
      else { return }
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: mutant.manifest.segments[place].documentCount = UInt32(truncatingIfNeeded: number)
      case 1: mutant.manifest.segments[place].deletedCount = UInt32(truncatingIfNeeded: number)
      case 2: mutant.manifest.segments[place].liveDocsGeneration = number
      case 3: mutant.manifest.segments[place].sizeInBytes = number
      case 4: mutant.manifest.segments[place].id = number
      default: mutant.manifest.segments.append(mutant.manifest.segments[place])
      }
    }
    mutant.publish()
  }

  private static func damageLiveDocs(
    of mutant: inout Mutant, using generator: inout SeededGenerator
  ) {
    guard
      let place = mutant.manifest.segments.indices.filter({
        mutant.manifest.segments[$0].liveDocsGeneration != 0
          && mutant.manifest.segments[$0].documentCount < 10_000
      }).randomElement(using: &generator)
    else { return }
    let entry = mutant.manifest.segments[place]
    var live = LiveDocs(documentCount: Int(entry.documentCount))
    for document in 0..<UInt32(live.documentCount) where Bool.random(using: &generator) {
      live.delete(document)
    }
    let name = IndexFileName.liveDocs(segment: entry.id, generation: entry.liveDocsGeneration)
    mutant.directory.replace(
      name.description,
      with: live.encoded(segment: entry.id, generation: entry.liveDocsGeneration))
    guard live.deletedCount > 0 else { return }
    mutant.manifest.segments[place].deletedCount = UInt32(live.deletedCount)
    mutant.publish()
  }

  private static func damageSection(
    of mutant: inout Mutant, using generator: inout SeededGenerator
  ) {
    guard let place = mutant.segments.indices.randomElement(using: &generator),
      let section = mutant.segments[place].sections.filter({ !$0.bytes.isEmpty }).randomElement(
        using: &generator)
    else { return }
    replace(
      section, of: place, in: &mutant, with: damaged(Array(section.bytes), using: &generator))
  }

  /// Puts a section in the place of another, or leaves one out.
  private static func exchangeSections(
    of mutant: inout Mutant, using generator: inout SeededGenerator
  ) {
    let isOfSameKind = Int.random(in: 0..<8, using: &generator) > 0
    guard let place = mutant.segments.indices.randomElement(using: &generator),
      let section = mutant.segments[place].sections.randomElement(using: &generator),
      let other = mutant.segments.randomElement(using: &generator)?.sections.filter({
        !isOfSameKind || $0.kind == section.kind
      }).randomElement(using: &generator)
    else { return }
    let bytes = Int.random(in: 0..<4, using: &generator) > 0 ? Array(other.bytes) : nil
    replace(section, of: place, in: &mutant, with: bytes)
  }

  private static func replace(
    _ section: SegmentFile.Section, of place: Int, in mutant: inout Mutant, with bytes: [UInt8]?
  ) {
    guard
      let resealed = try? mutant.segments[place].resealed(
        replacing: section.kind, field: section.field, with: bytes)
    else { return }
    mutant.segments[place] = resealed
    mutant.directory.replace(
      IndexFileName.segment(id: resealed.segmentID).description, with: resealed.bytes)
    for index in mutant.manifest.segments.indices
    where mutant.manifest.segments[index].id == resealed.segmentID {
      mutant.manifest.segments[index].checksum = resealed.checksum
      mutant.manifest.segments[index].sizeInBytes = UInt64(resealed.bytes.bytes.count)
    }
    mutant.publish()
  }

  private static func damaged(
    _ original: [UInt8], using generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = original
    guard !bytes.isEmpty else { return [UInt8].random(upTo: 40, using: &generator) }
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
      // The start of a structure decides more than what follows.
      let reach = Bool.random(using: &generator) ? bytes.count : min(bytes.count, 32)
      let place = Int.random(in: 0..<reach, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes[place] = Bool.random(using: &generator) ? 0 : 0xff
      case 3:
        let number = interesting(using: &generator)
        let size = [2, 4, 8].randomElement(using: &generator) ?? 4
        for index in 0..<size where place + index < bytes.count {
          bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
        }
      case 4: bytes.removeSubrange(place..<min(bytes.count, place + 8))
      case 5:
        bytes.insert(contentsOf: [UInt8].random(upTo: 16, using: &generator), at: place)
      case 6: bytes.removeLast(bytes.count - place)
      default:
        let from = Int.random(in: bytes.indices, using: &generator)
        let count = min(bytes.count - max(from, place), 16)
        bytes.replaceSubrange(place..<place + count, with: Array(bytes[from..<from + count]))
      }
    }
    return bytes
  }

  private static func interesting(using generator: inout SeededGenerator) -> UInt64 {
    let base: [UInt64] = [
      0, 1, 2, 127, 128, 255, 256, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
      0x1_0000_0000, 1 << 56, 1 << 62, 1 << 63, .max,
    ]
    let number = base.randomElement(using: &generator) ?? 0
    return number &+ UInt64.random(in: 0...2, using: &generator) &- 1
  }
}
