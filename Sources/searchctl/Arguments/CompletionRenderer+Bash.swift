// SPDX-License-Identifier: Apache-2.0

extension CompletionRenderer {
  /// A function for bash that needs nothing but bash.
  static func bash() -> String {
    let commands = CommandTable.all.map(\.name).joined(separator: " ")
    var script = """
      # bash completion for searchctl; written by `searchctl completions bash`
      _searchctl() {
        local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local command=${COMP_WORDS[1]}
        COMPREPLY=()
        if [[ $COMP_CWORD -eq 1 ]]; then
          COMPREPLY=($(compgen -W "\(commands) help --help --version" -- "$word"))
          return
        fi
        case $command in
          help)
            [[ $COMP_CWORD -eq 2 ]] && COMPREPLY=($(compgen -W "\(commands)" -- "$word")) ;;

      """
    for command in CommandTable.all {
      script += "    \(command.name))\n      case $previous in\n"
      for option in command.allOptions {
        guard let completion = values(of: option.value) else { continue }
        let names = (option.letter.map { "-\($0)|" } ?? "") + "--" + option.name
        script += "        \(names)) \(completion); return ;;\n"
      }
      script += "      esac\n"
      let names = command.allOptions.map { "--" + $0.name }.joined(separator: " ")
      script += "      if [[ $word == -* ]]; then\n"
      script += "        COMPREPLY=($(compgen -W \"\(names)\" -- \"$word\"))\n"
      switch command.operand.kind {
      case .text: break
      case .path:
        script += "      else\n        compopt -o filenames\n"
        script += "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
      case .choice(let words):
        script += "      else\n"
        script +=
          "        COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\"))\n"
      }
      script += "      fi ;;\n"
    }
    return script + "  esac\n}\ncomplete -F _searchctl searchctl\n"
  }

  /// The command that completes a value; `nil` where the option takes none.
  private static func values(of value: Option.Value) -> String? {
    switch value {
    case .none: nil
    case .text, .number: "COMPREPLY=()"
    case .choice(_, let words):
      "COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\"))"
    case .file: "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\"))"
    case .directory: "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$word\"))"
    }
  }
}
