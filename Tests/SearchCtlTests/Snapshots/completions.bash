# bash completion for searchctl; written by `searchctl completions bash`
_searchctl() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command=${COMP_WORDS[1]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "index query similar count suggest analyze info terms inspect verify recover delete optimize export import merge statistics man completions help --help --version" -- "$word"))
    return
  fi
  case $command in
    help)
      [[ $COMP_CWORD -eq 2 ]] && COMPREPLY=($(compgen -W "index query similar count suggest analyze info terms inspect verify recover delete optimize export import merge statistics man completions" -- "$word")) ;;
    index)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --field) COMPREPLY=(); return ;;
        -m|--map) COMPREPLY=(); return ;;
        --encoding) COMPREPLY=($(compgen -W "auto utf-8 utf-16 windows-1256" -- "$word")); return ;;
        --type) COMPREPLY=($(compgen -W "text html jsonl csv tsv arrow" -- "$word")); return ;;
        --words) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --protected-words) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --stop-words) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --synonyms) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --commit-every) COMPREPLY=(); return ;;
        --threads) COMPREPLY=(); return ;;
        -w|--wait) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --field --map --encoding --type --words --protected-words --stop-words --synonyms --rebuild --commit-every --threads --wait --json --color --quiet --help" -- "$word"))
      else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$word"))
      fi ;;
    query)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        -n|--limit) COMPREPLY=(); return ;;
        --offset) COMPREPLY=(); return ;;
        --after) COMPREPLY=(); return ;;
        -f|--filter) COMPREPLY=(); return ;;
        --sort) COMPREPLY=(); return ;;
        --facet) COMPREPLY=(); return ;;
        -o|--open) COMPREPLY=(); return ;;
        --format) COMPREPLY=($(compgen -W "text json trec" -- "$word")); return ;;
        --queries) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --statistics) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --ranking) COMPREPLY=(); return ;;
        --snippet-length) COMPREPLY=(); return ;;
        --highlight) COMPREPLY=($(compgen -W "color brackets none" -- "$word")); return ;;
        --bidi) COMPREPLY=($(compgen -W "auto isolate never" -- "$word")); return ;;
        --digits) COMPREPLY=($(compgen -W "latin persian" -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --limit --offset --after --filter --sort --collapse --facet --open --explain --json --format --queries --statistics --ranking --snippet-length --strict --highlight --bidi --digits --color --quiet --help" -- "$word"))
      fi ;;
    similar)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        -n|--limit) COMPREPLY=(); return ;;
        --snippet-length) COMPREPLY=(); return ;;
        --highlight) COMPREPLY=($(compgen -W "color brackets none" -- "$word")); return ;;
        --bidi) COMPREPLY=($(compgen -W "auto isolate never" -- "$word")); return ;;
        --digits) COMPREPLY=($(compgen -W "latin persian" -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --limit --json --snippet-length --highlight --bidi --digits --color --quiet --help" -- "$word"))
      else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$word"))
      fi ;;
    count)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        -f|--filter) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --filter --json --color --quiet --help" -- "$word"))
      fi ;;
    suggest)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        -n|--limit) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --limit --correct --json --color --quiet --help" -- "$word"))
      fi ;;
    analyze)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --words) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --protected-words) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --stop-words) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --synonyms) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --bidi) COMPREPLY=($(compgen -W "auto isolate never" -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --terms --words --protected-words --stop-words --synonyms --json --bidi --color --quiet --help" -- "$word"))
      fi ;;
    info)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --digits) COMPREPLY=($(compgen -W "latin persian" -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --json --digits --color --quiet --help" -- "$word"))
      fi ;;
    terms)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --field) COMPREPLY=(); return ;;
        -n|--limit) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --field --forms --limit --json --color --quiet --help" -- "$word"))
      fi ;;
    inspect)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --field) COMPREPLY=(); return ;;
        -n|--limit) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --field --limit --json --color --quiet --help" -- "$word"))
      fi ;;
    verify)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --json --color --quiet --help" -- "$word"))
      fi ;;
    recover)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        -w|--wait) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --wait --json --color --quiet --help" -- "$word"))
      fi ;;
    delete)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --matching) COMPREPLY=(); return ;;
        -w|--wait) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --matching --wait --color --quiet --help" -- "$word"))
      fi ;;
    optimize)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        -w|--wait) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --wait --color --quiet --help" -- "$word"))
      fi ;;
    export)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --format) COMPREPLY=($(compgen -W "jsonl bulk mapping ciff" -- "$word")); return ;;
        --index-name) COMPREPLY=(); return ;;
        --text-field) COMPREPLY=(); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --format --index-name --text-field --plain --color --quiet --help" -- "$word"))
      fi ;;
    import)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --analyzer) COMPREPLY=($(compgen -W "whitespace persian" -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --analyzer --color --quiet --help" -- "$word"))
      else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$word"))
      fi ;;
    merge)
      case $previous in
        --into) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--into --color --quiet --help" -- "$word"))
      else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$word"))
      fi ;;
    statistics)
      case $previous in
        -i|--index) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
        --queries) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--index --queries --color --quiet --help" -- "$word"))
      else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$word"))
      fi ;;
    man)
      case $previous in
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--color --quiet --help" -- "$word"))
      fi ;;
    completions)
      case $previous in
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return ;;
      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "--color --quiet --help" -- "$word"))
      else
        COMPREPLY=($(compgen -W "bash zsh fish" -- "$word"))
      fi ;;
  esac
}
complete -F _searchctl searchctl
