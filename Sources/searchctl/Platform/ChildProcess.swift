// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Another program that turns a file or bytes into bytes, such as `gzip -dc` or `iconv`.
final class ChildProcess {
  private let identifier: pid_t
  private let program: String
  /// What the program writes; the owner reads it to its end.
  let output: Descriptor

  /// Starts a program found in the search path.
  ///
  /// - Parameters:
  ///   - program: The name of the program.
  ///   - arguments: Its arguments.
  ///   - input: Its standard input, which stays the caller's.
  /// - Throws: ``Failure`` where there is no such program.
  init(_ program: String, _ arguments: [String], input: Descriptor) throws {
    let pipe = try Self.makePipe()
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.number, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe.write.number, 1)
    let path = Environment.value("PATH") ?? "/usr/bin:/bin"
    var words = Self.list([program] + arguments)
    var variables = Self.list(["LC_ALL=C", "PATH=\(path)"])
    defer { for word in words + variables { free(word) } }
    var identifier: pid_t = 0
    let result = posix_spawnp(&identifier, program, &actions, nil, &words, &variables)
    pipe.write.close()
    guard result == 0 else {
      pipe.read.close()
      throw Failure(
        "cannot run `\(program)`: \(SystemError(number: result))",
        hint: "install \(program), or convert the file first")
    }
    self.identifier = identifier
    self.program = program
    output = pipe.read
  }

  /// Closes the output, waits for the end of the program and throws where it failed.
  ///
  /// - Parameter readToEnd: Whether the output was read to its end; where it was not, the program
  ///   is stopped and its status means nothing.
  /// - Throws: ``Failure`` where the program failed.
  func finish(readToEnd: Bool = true) throws {
    output.close()
    if !readToEnd { kill(identifier, SIGTERM) }
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    if readToEnd, status != 0 { throw Failure("`\(program)` could not read it") }
  }

  /// Runs a program over bytes and returns what it wrote.
  static func convert(
    _ bytes: UnsafeRawBufferPointer, by program: String, _ arguments: [String]
  ) throws -> [UInt8] {
    // A file as input instead of a pipe: the program can never wait for us while we wait for it.
    let input = try temporaryFile(holding: bytes)
    defer { input.close() }
    let process = try ChildProcess(program, arguments, input: input)
    var result: [UInt8] = []
    do {
      result = try process.output.readToEnd()
    } catch {
      try? process.finish(readToEnd: false)
      throw error
    }
    try process.finish()
    return result
  }

  /// Copies of texts as the system wants them: C strings with a null pointer behind the last.
  private static func list(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }

  private static func makePipe() throws -> (read: Descriptor, write: Descriptor) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError.last }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (Descriptor(number: ends[0]), Descriptor(number: ends[1]))
  }

  /// A nameless file that stands at its beginning.
  private static func temporaryFile(holding bytes: UnsafeRawBufferPointer) throws -> Descriptor {
    let folder = Environment.value("TMPDIR") ?? "/tmp"
    var template = Array((folder + "/searchctl-XXXXXX").utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else {
      throw Failure("cannot write a temporary file in \(folder): \(SystemError.last)")
    }
    unlink(template)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    let descriptor = Descriptor(number: number)
    do {
      try descriptor.write(bytes)
    } catch {
      descriptor.close()
      throw error
    }
    lseek(number, 0, SEEK_SET)
    return descriptor
  }
}
