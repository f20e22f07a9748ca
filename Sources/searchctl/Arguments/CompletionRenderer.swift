// SPDX-License-Identifier: Apache-2.0

/// Writes completion scripts from the table of commands.
enum CompletionRenderer {
  static let shells = ["bash", "zsh", "fish"]
  static let helpSummary = "show the help of a command"

  static func script(for shell: String) -> String {
    switch shell {
    case "bash": bash()
    case "zsh": zsh()
    default: fish()
    }
  }
}
