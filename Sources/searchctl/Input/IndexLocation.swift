// SPDX-License-Identifier: Apache-2.0

/// Where the index is, and the folder that paths in it are relative to.
struct IndexLocation: Sendable {
  /// The name of the index folder where none is given.
  static let folderName = ".searchctl"
  static let variable = "SEARCHCTL_INDEX"

  /// The absolute path of the index folder.
  let directory: String
  /// The absolute path of the folder that the index belongs to.
  let root: String
  /// The absolute path of the folder the command was called in.
  let currentDirectory: String

  /// Finds the index: the option, then the variable, then `.searchctl` here or in a folder above.
  ///
  /// - Parameters:
  ///   - arguments: The command line.
  ///   - isMaking: Whether an index that is not there yet will be made, in the current folder.
  /// - Throws: ``Failure`` where none is found.
  init(_ arguments: Arguments, isMaking: Bool = false) throws {
    currentDirectory = try Environment.currentDirectory()
    if let given = arguments.string(Options.index) ?? Environment.value(Self.variable) {
      directory = PathName.absolute(given, in: currentDirectory)
    } else if let found = Self.search(from: currentDirectory) {
      directory = found
    } else if isMaking {
      directory = PathName.join(currentDirectory, Self.folderName)
    } else {
      throw Failure(
        "no index in \(Sanitizer.visible(currentDirectory)) or in any folder above it",
        hint: "create one with `searchctl index PATH`, or name one with --index DIR")
    }
    root =
      PathName.name(directory) == Self.folderName ? PathName.parent(directory) : currentDirectory
  }

  /// Names the index in a folder that the user named.
  init(named path: String, in currentDirectory: String) {
    self.currentDirectory = currentDirectory
    directory = PathName.absolute(path, in: currentDirectory)
    root =
      PathName.name(directory) == Self.folderName ? PathName.parent(directory) : currentDirectory
  }

  private static func search(from folder: String) -> String? {
    var folder = folder
    while true {
      let candidate = PathName.join(folder, folderName)
      if let information = try? FileInformation(at: candidate), information.kind == .directory {
        return candidate
      }
      if folder == "/" { return nil }
      folder = PathName.parent(folder)
    }
  }

  /// The path of the index as the user would write it here.
  var shown: String {
    Sanitizer.visible(PathName.relative(directory, to: currentDirectory))
  }

  /// A path of the index as seen from the current folder, where it lies below it.
  func shown(path: String) -> String {
    PathName.relative(PathName.absolute(path, in: root), to: currentDirectory)
  }
}
