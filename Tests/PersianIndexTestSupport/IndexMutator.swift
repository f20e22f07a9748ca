// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// Makes damaged copies of an index, as bad media or somebody with bad intentions would.
///
/// Most damage is hidden behind valid checksums, because a checksum protects from accidents only.
package struct IndexMutator {
  private let files: [(name: String, bytes: [UInt8])]
  private let manifest: Manifest

  /// Takes the files of an index as the starting point.
  package init(_ directory: any StorageDirectory) throws(IndexError) {
    var files: [(name: String, bytes: [UInt8])] = []
    for name in try directory.list().sorted() {
      files.append((name, try directory.bytes(of: name)))
    }
    self.files = files
    guard let manifest = try ManifestStore(directory).newest() else {
      throw IndexError(.notFound, "there is no index to be damaged")
    }
    self.manifest = manifest
  }

  /// Returns a damaged copy, the same for the same state of the generator.
  package func mutated(using generator: inout SeededGenerator) -> MemoryDirectory {
    let directory = MemoryDirectory(path: "damaged")
    for file in files { directory.replace(file.name, with: file.bytes) }
    for _ in 0..<Int.random(in: 1...2, using: &generator) {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: damageFile(in: directory, using: &generator)
      case 1: damageManifest(in: directory, using: &generator)
      case 2: damageLiveDocs(in: directory, using: &generator)
      default: damageSection(in: directory, using: &generator)
      }
    }
    return directory
  }

  private func damageFile(in directory: MemoryDirectory, using generator: inout SeededGenerator) {
    guard let file = files.randomElement(using: &generator) else { return }
    directory.replace(file.name, with: Self.damaged(file.bytes, using: &generator))
  }

  private func damageManifest(
    in directory: MemoryDirectory, using generator: inout SeededGenerator
  ) {
    var changed = manifest
    let number = Self.interesting(using: &generator)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: changed.schema = Self.damaged(changed.schema, using: &generator)
    case 1: changed.nextSegmentID = number
    case 2: changed.nextSequence = number
    case 3: changed.analyzerData = Self.damaged(changed.analyzerData, using: &generator)
    case 4: changed.userData = Self.damaged(changed.userData, using: &generator)
    case 5: changed.segments.shuffle(using: &generator)
    default:
      guard !changed.segments.isEmpty else { return }
      let place = Int.random(in: changed.segments.indices, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: changed.segments[place].documentCount = UInt32(truncatingIfNeeded: number)
      case 1: changed.segments[place].deletedCount = UInt32(truncatingIfNeeded: number)
      case 2: changed.segments[place].liveDocsGeneration = number
      case 3: changed.segments[place].sizeInBytes = number
      case 4: changed.segments[place].id = number
      default: changed.segments.append(changed.segments[place])
      }
    }
    Self.publish(changed, to: directory)
  }

  private func damageLiveDocs(
    in directory: MemoryDirectory, using generator: inout SeededGenerator
  ) {
    guard
      let place = manifest.segments.indices.filter({
        manifest.segments[$0].liveDocsGeneration != 0
      }).randomElement(using: &generator)
    else { return }
    var live = LiveDocs(documentCount: Int(manifest.segments[place].documentCount))
    for document in 0..<UInt32(live.documentCount) where Bool.random(using: &generator) {
      live.delete(document)
    }
    let entry = manifest.segments[place]
    let name = IndexFileName.liveDocs(segment: entry.id, generation: entry.liveDocsGeneration)
    directory.replace(
      name.description,
      with: live.encoded(segment: entry.id, generation: entry.liveDocsGeneration))
    guard live.deletedCount > 0 else { return }
    var changed = manifest
    changed.segments[place].deletedCount = UInt32(live.deletedCount)
    Self.publish(changed, to: directory)
  }

  private func damageSection(
    in directory: MemoryDirectory, using generator: inout SeededGenerator
  ) {
    guard let place = manifest.segments.indices.randomElement(using: &generator),
      let file = try? SegmentFile(manifest.segments[place], in: directory),
      let section = file.sections.filter({ !$0.bytes.isEmpty }).randomElement(using: &generator),
      let resealed = try? file.resealed(
        replacing: section.kind, field: section.field,
        with: Self.damaged(Array(section.bytes), using: &generator))
    else { return }
    let name = IndexFileName.segment(id: file.segmentID).description
    directory.replace(name, with: resealed.bytes)
    var changed = manifest
    changed.segments[place].checksum = resealed.checksum
    changed.segments[place].sizeInBytes = UInt64(resealed.bytes.bytes.count)
    Self.publish(changed, to: directory)
  }

  private static func publish(_ manifest: Manifest, to directory: MemoryDirectory) {
    directory.replace(
      IndexFileName.manifest(generation: manifest.generation).description,
      with: manifest.encoded())
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
