// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the real executable that stands beside the test bundle.
enum Tool {
  /// How a run ended and what it wrote.
  struct Result {
    /// The exit status; `nil` where a signal ended the run.
    let status: Int32?
    /// The signal that ended the run.
    let signal: Int32?
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  struct NotFound: Error {}

  /// Runs the tool to its end.
  ///
  /// - Parameters:
  ///   - arguments: Its arguments.
  ///   - folder: The current folder of the run.
  ///   - input: What it reads from standard input.
  ///   - variables: Environment variables beside `PATH`.
  /// - Returns: How the run ended and what it wrote.
  /// - Throws: ``NotFound`` where there is no executable.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, input: String = "",
    variables: [String: String] = [:]
  ) throws -> Result {
    let scratch = try TemporaryFolder()
    try scratch.write("input", input)
    let process = try start(
      arguments, in: folder.path, variables: variables,
      input: reading(scratch.path + "/input"), output: writing(scratch.path + "/output"),
      errors: writing(scratch.path + "/errors"))
    let (status, signal) = wait(for: process)
    return Result(
      status: status, signal: signal, output: try scratch.read("output"),
      errors: try scratch.read("errors"))
  }

  /// Starts the tool; the descriptors are closed here and stay open there.
  static func start(
    _ arguments: [String], in folder: String, variables: [String: String] = [:],
    input: Int32, output: Int32, errors: Int32
  ) throws -> pid_t {
    try start(
      program: path(), arguments, in: folder, variables: variables, input: input, output: output,
      errors: errors)
  }

  /// Starts a script of the shell that reads nothing and whose output is dropped.
  static func startShell(_ script: String, in folder: String) throws -> pid_t {
    try start(
      program: "/bin/sh", ["-c", script], in: folder, variables: [:], input: reading("/dev/null"),
      output: writing("/dev/null"), errors: writing("/dev/null"))
  }

  private static func start(
    program executable: String, _ arguments: [String], in folder: String,
    variables: [String: String], input: Int32, output: Int32, errors: Int32
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, target) in [(input, Int32(0)), (output, 1), (errors, 2)] {
      posix_spawn_file_actions_adddup2(&actions, number, target)
    }
    var set = ["PATH": String(cString: getenv("PATH")), "TERM": "xterm-256color"]
    set.merge(variables) { $1 }
    // The shell goes to the folder and becomes the tool, with the same process identifier.
    let shell = ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, executable]
    var words = list(shell + arguments)
    var environment = list(set.map { "\($0.key)=\($0.value)" })
    defer { for word in words + environment { free(word) } }
    // Whoever runs the tests may ignore signals, and threads of a pool block them; children would
    // take both over.
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let result = spawning.withLock { _ in
      posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, &environment)
    }
    for number in Set([input, output, errors]) { close(number) }
    try #require(result == 0)
    return process
  }

  /// Keeps a pipe that one test makes from leaking into the child of another, where it would never
  /// be closed.
  private static let spawning = Mutex(())

  /// A pipe whose ends no child inherits unless it is given one.
  static func makePipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    let result = spawning.withLock { _ in
      let result = pipe(&ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return result
    }
    try #require(result == 0)
    return (ends[0], ends[1])
  }

  /// Opens a file to be given to a child.
  static func reading(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }

  /// Makes a file to be given to a child.
  static func writing(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  }

  /// Waits for the end of a started run.
  static func wait(for process: pid_t) -> (status: Int32?, signal: Int32?) {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? ((status >> 8) & 0xFF, nil) : (nil, signal)
  }

  /// The folder of the test bundle, or one above it, holds the executable.
  static func path() throws -> String {
    #if canImport(Darwin)
      var information = Dl_info()
      guard dladdr(#dsohandle, &information) != 0, let name = information.dli_fname else {
        throw NotFound()
      }
      let bundle = String(cString: name)
    #else
      let bundle = "/proc/self/exe"
    #endif
    guard let real = realpath(bundle, nil) else { throw NotFound() }
    defer { free(real) }
    var parts = String(cString: real).split(separator: "/")
    while parts.popLast() != nil {
      let candidate = "/" + parts.joined(separator: "/") + "/searchctl"
      var entry = stat()
      if stat(candidate, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG,
        access(candidate, X_OK) == 0
      {
        return candidate
      }
    }
    throw NotFound()
  }

  static func list(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }
}
