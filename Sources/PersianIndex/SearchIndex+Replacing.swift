// SPDX-License-Identifier: Apache-2.0

/// Beginning anew where the index that is there cannot be gone on with.
extension SearchIndex {
  /// Puts an empty index in the place of one, in one commit, even where that is damaged or was
  /// written with another analyzer.
  ///
  /// Readers of the index before keep it until they are done; its files go with the next commit.
  ///
  /// - Parameters:
  ///   - path: The path of the folder.
  ///   - schema: The fields; `nil` for those of the index before.
  ///   - configuration: The words of the Persian analyzer; `nil` for those of the index before.
  ///   - fallback: The fields where those before are wanted and cannot be read.
  /// - Returns: The index.
  /// - Throws: `.locked`, `.invalidSchema`, and what reading the folder and writing a commit throw.
  package static func replace(
    at path: String, schema: Schema?, configuration: PersianConfiguration?, fallback: Schema
  ) throws(IndexError) -> SearchIndex {
    let directory = FileDirectory(path)
    let lock = try directory.lock(waitingUpTo: 0)
    defer { withExtendedLifetime(lock) {} }
    let store = ManifestStore(directory)
    try directory.synchronize()
    let before = try? store.newest()
    let schema =
      schema ?? before.flatMap { try? Schema(decoding: $0.schema, path: path) } ?? fallback
    try schema.validate()
    let configuration =
      configuration ?? before.flatMap { try? PersianConfiguration(data: $0.analyzerData) }
    let analyzer = PersianAnalyzer(configuration: configuration ?? PersianConfiguration())
    var manifest = Manifest(
      generation: (try store.generations().last ?? 0) + 1, schema: schema.encoded(),
      analyzerIdentity: analyzer.identity.description, analyzerData: analyzer.configurationData)
    // The new segments must not take the names of those that readers still have open.
    for name in try directory.list() {
      switch IndexFileName(name) {
      case .segment(let id)?, .liveDocs(let id, _)?:
        manifest.nextSegmentID = max(manifest.nextSegmentID, id + 1)
      default: continue
      }
    }
    try store.publish(manifest)
    return SearchIndex(schema: schema, analyzer: analyzer, directory: directory)
  }
}
