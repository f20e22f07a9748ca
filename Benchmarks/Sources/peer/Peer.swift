// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// PersianIndex behind the protocol that all engines of a comparison speak.
@main
enum Peer {
  static func main() {
    do {
      let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
      switch arguments.command {
      case "build": try BuildCommand(arguments).run()
      case "search": try SearchCommand(arguments).run()
      case "first": try FirstCommand(arguments).run()
      case "complete":
        var command = try CompleteCommand(arguments)
        try command.run()
      default:
        throw Failure("unknown command '\(arguments.command)': build, search, first or complete")
      }
    } catch let failure as Failure {
      end(failure.message)
    } catch {
      end("\(error)")
    }
  }

  private static func end(_ message: String) -> Never {
    let line = Array("peer: \(message)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(2)
  }
}
