// SPDX-License-Identifier: Apache-2.0

/// Finds the files to index under the paths that were given.
///
/// The order is that of the names' bytes, so that the same files always give the same index.
/// Hidden files and folders, symbolic links and index folders met on the way are passed over, and
/// so is what a `.searchctlignore` names; a path given by itself is always taken.
struct FileWalker {
  /// A file to read.
  struct File: Sendable {
    /// The name of the file in the index.
    let path: String
    /// Where the file is.
    let location: String
    let information: FileInformation
    /// `nil` where the name does not tell, so that the content must.
    let format: FileFormat?
    /// Whether the file was asked for by itself, not found in a folder.
    let isNamed: Bool
  }

  /// The folder that paths are relative to.
  let root: String
  /// The folder of the index itself, which is never read.
  let indexDirectory: String
  /// The files found so far, each once.
  private(set) var files: [File] = []
  /// What could not be read.
  private(set) var failures: [Failure] = []
  /// How many files of a folder had an ending that is not read.
  private(set) var otherCount = 0
  /// The folders and files that were asked for, as paths in the index.
  private(set) var scopes: [String] = []
  private var seen: Set<String> = []

  static let ignoreFileName = ".searchctlignore"

  init(root: String, indexDirectory: String) {
    self.root = root
    self.indexDirectory = indexDirectory
  }

  /// Adds a file, or the files of a folder.
  ///
  /// - Parameters:
  ///   - path: A path as the user wrote it.
  ///   - folder: The folder it is relative to.
  /// - Throws: ``Failure`` where there is nothing at the path.
  mutating func add(_ path: String, from folder: String) throws {
    let location = PathName.absolute(path, in: folder)
    let information: FileInformation
    do throws(SystemError) {
      information = try FileInformation(at: location)
    } catch {
      throw Failure(
        "\(Sanitizer.visible(path)): \(error)", hint: "check the path; nothing was indexed from it")
    }
    let relative = PathName.relative(location, to: root)
    scopes.append(relative)
    switch information.kind {
    case .directory:
      try walk(location, rules: inheritedRules(above: location))
    case .file, .other, .link:
      append(
        File(
          path: relative, location: location, information: information,
          format: FileFormat(path: location), isNamed: true))
    }
  }

  private mutating func append(_ file: File) {
    if seen.insert(file.path).inserted { files.append(file) }
  }

  private typealias Scoped = (folder: String, rules: IgnoreRules)

  /// The rules of the folders between the root and a folder below it.
  private func inheritedRules(above location: String) -> [Scoped] {
    guard location.hasPrefix(root + "/") || root == "/" else { return [] }
    var rules: [Scoped] = []
    var folder = root
    for part in PathName.relative(location, to: root).split(separator: "/") {
      if let own = ownRules(of: folder) { rules.append((folder, own)) }
      folder = PathName.join(folder, String(part))
    }
    return rules
  }

  private func ownRules(of folder: String) -> IgnoreRules? {
    let path = PathName.join(folder, Self.ignoreFileName)
    guard let descriptor = try? Descriptor.open(path) else { return nil }
    defer { descriptor.close() }
    guard let bytes = try? descriptor.readToEnd(limit: 1 << 20) else { return nil }
    return IgnoreRules(String(decoding: bytes, as: UTF8.self))
  }

  private mutating func walk(_ folder: String, rules: [Scoped]) throws {
    try Signals.check()
    let names: [String]
    do throws(SystemError) {
      let listing = try Folder.names(at: folder)
      names = listing.names
      if listing.unreadable > 0 {
        failures.append(
          Failure(
            "\(shown(folder)): \(listing.unreadable) file names are not UTF-8",
            hint: "rename them; they were skipped"))
      }
    } catch {
      failures.append(Failure("\(shown(folder)): \(error)"))
      return
    }
    var rules = rules
    if names.contains(Self.ignoreFileName), let own = ownRules(of: folder) {
      rules.append((folder, own))
    }
    for name in names where !name.hasPrefix(".") {
      let location = PathName.join(folder, name)
      // A name can vanish between the listing and here; then it is simply gone.
      guard let information = try? FileInformation(at: location, followsLinks: false) else {
        continue
      }
      let isFolder = information.kind == .directory
      if Self.isIgnored(location, isFolder: isFolder, by: rules) { continue }
      switch information.kind {
      case .directory:
        if location != indexDirectory { try walk(location, rules: rules) }
      case .file:
        let format = FileFormat(path: name)
        if format == nil, name.contains(".") {
          otherCount += 1
        } else {
          append(
            File(
              path: PathName.relative(location, to: root), location: location,
              information: information, format: format, isNamed: false))
        }
      case .link, .other:
        otherCount += 1
      }
    }
  }

  private static func isIgnored(_ location: String, isFolder: Bool, by rules: [Scoped]) -> Bool {
    for (folder, own) in rules.reversed() {
      let path = PathName.relative(location, to: folder)
      if let verdict = own.verdict(on: path, isFolder: isFolder) { return verdict }
    }
    return false
  }

  private func shown(_ location: String) -> String {
    Sanitizer.visible(PathName.relative(location, to: root))
  }
}
