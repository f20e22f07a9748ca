// SPDX-License-Identifier: Apache-2.0

/// A file opened for reading, unpacked and turned into UTF-8 on the way where that is needed.
struct InputStream {
  /// Where the bytes come from.
  private(set) var descriptor: Descriptor
  private let file: Descriptor
  /// The programs between the file and us, in the order of the stream.
  private var processes: [ChildProcess] = []

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: Where the file is; `-` is standard input.
  ///   - program: The program that unpacks it, where it is packed.
  ///   - encoding: The name of the encoding to convert from; `nil` leaves the bytes alone.
  /// - Throws: ``SystemError`` or ``Failure`` where the file or a program cannot be opened.
  init(
    _ path: String, unpacking program: FileFormat.Decompressor?, convertingFrom encoding: String?
  ) throws {
    file = path == "-" ? .standardInput : try Descriptor.open(path)
    descriptor = file
    do {
      if let program { try pass(through: program.program, program.arguments) }
      if let encoding { try pass(through: "iconv", ["-f", encoding, "-t", "UTF-8"]) }
    } catch {
      try? finish(readToEnd: false)
      throw error
    }
  }

  /// How many bytes of the file were read, packed as they are; `nil` where it is a pipe.
  var position: Int64? { file.position }

  private mutating func pass(through program: String, _ arguments: [String]) throws {
    let process = try ChildProcess(program, arguments, input: descriptor)
    processes.append(process)
    descriptor = process.output
  }

  /// Closes everything, and throws where a program on the way failed.
  ///
  /// - Parameter readToEnd: Whether the bytes were read to their end.
  /// - Throws: ``Failure`` of the first program that failed.
  func finish(readToEnd: Bool = true) throws {
    if file.number != 0 { file.close() }
    var failure: (any Error)?
    for process in processes.reversed() {
      do {
        try process.finish(readToEnd: readToEnd)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
