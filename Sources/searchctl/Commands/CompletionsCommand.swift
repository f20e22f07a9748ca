// SPDX-License-Identifier: Apache-2.0

/// `searchctl completions SHELL`: completion scripts.
enum CompletionsCommand {
  static let command = Command(
    name: "completions", summary: "print the completion script for a shell",
    operand: .init(usage: "SHELL", kind: .choice(CompletionRenderer.shells), count: 1...1),
    options: [], discussion: ["SHELL is bash, zsh or fish."],
    examples: [
      .init(line: "source <(searchctl completions bash)", summary: "in bash, for this session"),
      .init(
        line: "searchctl completions fish > ~/.config/fish/completions/searchctl.fish",
        summary: "in fish, for good"),
    ]
  ) { arguments, console in
    let shell = arguments.operands[0]
    guard CompletionRenderer.shells.contains(shell) else {
      throw Failure(
        "no completions for '\(Sanitizer.visible(shell))'", hint: "there are bash, zsh and fish")
    }
    try console.output.write(CompletionRenderer.script(for: shell))
    return .success
  }
}
