// SPDX-License-Identifier: Apache-2.0

/// `searchctl man`: the manual page.
enum ManCommand {
  static let command = Command(
    name: "man", summary: "print the manual page in roff", operand: .nothing, options: [],
    discussion: [], examples: [.init(line: "searchctl man | man -l -", summary: "read it")]
  ) { _, console in
    try console.output.write(ManRenderer.page())
    return .success
  }
}
