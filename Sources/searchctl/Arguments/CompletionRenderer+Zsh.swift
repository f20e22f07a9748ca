// SPDX-License-Identifier: Apache-2.0

extension CompletionRenderer {
  /// A function for zsh's completion system, to be saved as `_searchctl` in its search path.
  static func zsh() -> String {
    var script = """
      #compdef searchctl
      # zsh completion for searchctl; written by `searchctl completions zsh`
      _searchctl() {
        local -a commands
        commands=(

      """
    for command in CommandTable.all {
      script += "    '\(command.name):\(quoted(command.summary))'\n"
    }
    script += "    'help:\(helpSummary)'\n"
    script += """
        )
        if (( CURRENT == 2 )); then
          _describe command commands
          return
        fi
        local command=$words[2]
        shift words
        (( CURRENT-- ))
        case $command in
          help) _describe command commands ;;

      """
    for command in CommandTable.all {
      script += "    \(command.name))\n      _arguments -s \\\n"
      for option in command.allOptions {
        script += "        \(arguments(of: option)) \\\n"
      }
      switch command.operand.kind {
      case .text: script += "        '*: : ' ;;\n"
      case .path: script += "        '*:path:_files' ;;\n"
      case .choice(let words):
        script += "        '*:value:(\(words.joined(separator: " ")))' ;;\n"
      }
    }
    return script + "  esac\n}\n_searchctl \"$@\"\n"
  }

  private static func arguments(of option: Option) -> String {
    var value: String
    switch option.value {
    case .none: value = ""
    case .text(let name), .number(let name, _): value = ":\(name): "
    case .choice(let name, let words): value = ":\(name):(\(words.joined(separator: " ")))"
    case .file(let name): value = ":\(name):_files"
    case .directory(let name): value = ":\(name):_files -/"
    }
    value = "[\(quoted(option.summary))]\(value)'"
    let star = option.repeats ? "*" : ""
    guard let letter = option.letter else { return "'\(star)--\(option.name)\(value)" }
    let exclusion = option.repeats ? "'*'" : "'(-\(letter) --\(option.name))'"
    return "\(exclusion){-\(letter),--\(option.name)}'\(value)"
  }

  private static func quoted(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "'": result += "'\\''"
      case "[", "]", ":", "\\": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}
