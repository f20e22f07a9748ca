#compdef searchctl
# zsh completion for searchctl; written by `searchctl completions zsh`
_searchctl() {
  local -a commands
  commands=(
    'index:index files and folders, or bring the index up to date'
    'query:search, best documents first'
    'similar:find the documents most like one of the index'
    'count:print how many documents match'
    'suggest:complete a word, or correct it, from the words of the index'
    'analyze:show the terms that a text is indexed and searched by'
    'info:print what the index holds'
    'terms:list the terms of the index that begin with a text'
    'inspect:show a stored document, or the posting list of a word'
    'verify:check every checksum, order and cross-reference of the index'
    'recover:restore what is whole of a damaged index'
    'delete:delete documents from the index'
    'optimize:merge all segments into one, for the fastest searches'
    'export:write all documents to standard output'
    'import:make an index of a file of another search engine'
    'merge:join indexes into a new one, without reading the texts again'
    'statistics:print what the index knows of the terms of queries, as JSON'
    'man:print the manual page in roff'
    'completions:print the completion script for a shell'
    'help:show the help of a command'
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
    index)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '*--field[a further field of a new index; KIND is text, keyword, integer, number, date or stored]:NAME:KIND: ' \
        '*'{-m,--map}'[take a field from the member or column NAME; FIELD is key, title, text, published or a further field]:FIELD=NAME: ' \
        '--encoding[the encoding of the files\: auto, utf-8, utf-16 or windows-1256]:NAME:(auto utf-8 utf-16 windows-1256)' \
        '--type[what the files named hold\: text, html, jsonl, csv, tsv or arrow; jsonl for `-`]:KIND:(text html jsonl csv tsv arrow)' \
        '--words[words for a new index to know beside the lexicon, one per line]:FILE:_files' \
        '--protected-words[words that are indexed just as they are written, one per line]:FILE:_files' \
        '--stop-words[further words that count little in the ranking, one per line]:FILE:_files' \
        '--synonyms[pairs of words per line, the first to be found as the second]:FILE:_files' \
        '--rebuild[begin anew, even where the index is damaged or of another version]' \
        '--commit-every[commit after N documents each; otherwise once a minute]:N: ' \
        '--threads[threads that analyse texts]:N: ' \
        '(-w --wait)'{-w,--wait}'[wait up to so long for another writer to end (0.5)]:SECONDS: ' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*:path:_files' ;;
    query)
      _arguments -s \
        '*'{-i,--index}'[an index, or several to be searched as one; otherwise as elsewhere]:DIR:_files -/' \
        '(-n --limit)'{-n,--limit}'[the most hits to print (10)]:N: ' \
        '--offset[how many of the best hits to leave out before (0)]:N: ' \
        '--after[the page behind the one that gave this nextPage]:TOKEN: ' \
        '*'{-f,--filter}'[only documents that match this too, without a say in the ranking]:QUERY: ' \
        '--sort[order by a number or date field, as in published\:desc, not by score]:FIELD: ' \
        '--collapse[show documents that are nearly the same once]' \
        '*--facet[count the matches by a keyword field, or a date field as in published\:year]:FIELD: ' \
        '(-o --open)'{-o,--open}'[print the document of the N-th hit]:N: ' \
        '--explain[print below each hit what its score is made of]' \
        '--json[print JSON Lines, one object per line]' \
        '--format[how hits are printed\: text, json or trec]:FORMAT:(text json trec)' \
        '--queries[run the queries of a file\: a name, a tab and plain words per line]:FILE:_files' \
        '--statistics[rank by the statistics of a larger collection, of which this is a part]:FILE:_files' \
        '--ranking[parameters of the ranking, as in k1=1.2,b=0.75,stop=0.3,form=0.6,rescored=24]:LIST: ' \
        '--snippet-length[letters of a snippet (200)]:N: ' \
        '--strict[refuse a query that is not understood wholly]' \
        '--highlight[how matched words are marked; without colour the default is brackets]:HOW:(color brackets none)' \
        '--bidi[wrap Persian fields in direction isolates; auto does so on a terminal]:WHEN:(auto isolate never)' \
        '--digits[the digits of ranks and counts\: latin or persian]:KIND:(latin persian)' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    similar)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '(-n --limit)'{-n,--limit}'[the most hits to print (10)]:N: ' \
        '--json[print JSON Lines, one object per line]' \
        '--snippet-length[letters of a snippet (200)]:N: ' \
        '--highlight[how matched words are marked; without colour the default is brackets]:HOW:(color brackets none)' \
        '--bidi[wrap Persian fields in direction isolates; auto does so on a terminal]:WHEN:(auto isolate never)' \
        '--digits[the digits of ranks and counts\: latin or persian]:KIND:(latin persian)' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*:path:_files' ;;
    count)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '*'{-f,--filter}'[only documents that match this too, without a say in the ranking]:QUERY: ' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    suggest)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '(-n --limit)'{-n,--limit}'[the most hits to print (10)]:N: ' \
        '(-c --correct)'{-c,--correct}'[print corrections in place of completions]' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    analyze)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '(-t --terms)'{-t,--terms}'[print the terms alone, one line for each line of text]' \
        '--words[words for a new index to know beside the lexicon, one per line]:FILE:_files' \
        '--protected-words[words that are indexed just as they are written, one per line]:FILE:_files' \
        '--stop-words[further words that count little in the ranking, one per line]:FILE:_files' \
        '--synonyms[pairs of words per line, the first to be found as the second]:FILE:_files' \
        '--json[print JSON Lines, one object per line]' \
        '--bidi[wrap Persian fields in direction isolates; auto does so on a terminal]:WHEN:(auto isolate never)' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    info)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '--json[print JSON Lines, one object per line]' \
        '--digits[the digits of ranks and counts\: latin or persian]:KIND:(latin persian)' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    terms)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '--field[the field whose terms are shown (text)]:NAME: ' \
        '--forms[written forms in place of terms]' \
        '(-n --limit)'{-n,--limit}'[the most lines to print, 0 for all]:N: ' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    inspect)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '--field[the field whose terms are shown (text)]:NAME: ' \
        '(-n --limit)'{-n,--limit}'[the most lines to print, 0 for all]:N: ' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    verify)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    recover)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '(-w --wait)'{-w,--wait}'[wait up to so long for another writer to end (0.5)]:SECONDS: ' \
        '--json[print JSON Lines, one object per line]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    delete)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '*--matching[delete what the query finds]:QUERY: ' \
        '(-w --wait)'{-w,--wait}'[wait up to so long for another writer to end (0.5)]:SECONDS: ' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    optimize)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '(-w --wait)'{-w,--wait}'[wait up to so long for another writer to end (0.5)]:SECONDS: ' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    export)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '--format[what to write\: jsonl, bulk, mapping or ciff]:FORMAT:(jsonl bulk mapping ciff)' \
        '--index-name[the name of the index in the lines of bulk]:NAME: ' \
        '--text-field[the field whose terms ciff writes (text)]:NAME: ' \
        '--plain[write only what the format of ciff knows, without positions]' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    import)
      _arguments -s \
        '(-i --index)'{-i,--index}'[the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above]:DIR:_files -/' \
        '--analyzer[what makes terms of queries\: whitespace or persian; otherwise as the file tells]:NAME:(whitespace persian)' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*:path:_files' ;;
    merge)
      _arguments -s \
        '--into[the folder of the new index]:DIR:_files -/' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*:path:_files' ;;
    statistics)
      _arguments -s \
        '*'{-i,--index}'[an index, or several to be searched as one; otherwise as elsewhere]:DIR:_files -/' \
        '--queries[run the queries of a file\: a name, a tab and plain words per line]:FILE:_files' \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*:path:_files' ;;
    man)
      _arguments -s \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*: : ' ;;
    completions)
      _arguments -s \
        '--color[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
        '(-q --quiet)'{-q,--quiet}'[print no summary and no progress]' \
        '(-h --help)'{-h,--help}'[print help; -h is the short form of it]' \
        '*:value:(bash zsh fish)' ;;
  esac
}
_searchctl "$@"
