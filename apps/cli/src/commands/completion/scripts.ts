import type { Place } from './words.ts';

/*
 * Each script walks the words before the cursor: one that makes a known command longer belongs to its path, every other
 * (an argument, an option) is passed over. It then offers what may follow that path, and file names where nothing does.
 * All words are made of letters, digits and dashes, so none needs quoting. `scorpiox-tmux` begins where `scorpiox tmux` is.
 */

export type Shell = 'bash' | 'zsh' | 'fish';

/** The completion script of a shell. */
export function scriptFor(shell: Shell, places: readonly Place[]): string {
  return SCRIPTS[shell](places);
}

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[]) => string>> = { bash, zsh, fish };

/** The function of bash and zsh that prints what may follow a path, and fails where it is none. */
const wordsAfter = (places: readonly Place[]): string => `_scorpiox_words() {
  case "$1" in
${places.map(({ path, words }) => `    '${path}') echo '${words.join(' ')}' ;;`).join('\n')}
    *) return 1 ;;
  esac
}`;

function bash(places: readonly Place[]): string {
  return `# bash completion for scorpiox: source <(scorpiox completion bash)
${wordsAfter(places)}
_scorpiox() {
  local path= word longer
  [ "\${COMP_WORDS[0]##*/}" = scorpiox-tmux ] && path=tmux
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    longer="\${path:+$path }$word"
    _scorpiox_words "$longer" >/dev/null && path=$longer
  done
  COMPREPLY=($(compgen -W "$(_scorpiox_words "$path")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _scorpiox scorpiox scorpiox-tmux
`;
}

function zsh(places: readonly Place[]): string {
  return `#compdef scorpiox scorpiox-tmux
# zsh completion for scorpiox: source <(scorpiox completion zsh), or as _scorpiox in a folder of $fpath
${wordsAfter(places)}
_scorpiox() {
  local path_= word longer
  [ "\${words[1]:t}" = scorpiox-tmux ] && path_=tmux
  for word in "\${(@)words[2,CURRENT-1]}"; do
    longer="\${path_:+$path_ }$word"
    _scorpiox_words "$longer" >/dev/null && path_=$longer
  done
  compadd -- \${=$(_scorpiox_words "$path_")} || _files
}
if [ "$funcstack[1]" = _scorpiox ]; then _scorpiox "$@"; else compdef _scorpiox scorpiox scorpiox-tmux; fi
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.map(
    ({ path, words }) => `        case '${path}'\n            printf '%s\\n' ${words.join(' ')}`,
  );
  return `# fish completion for scorpiox: scorpiox completion fish | source
function __scorpiox_words
    switch "$argv"
${lines.join('\n')}
        case '*'
            return 1
    end
end
function __scorpiox_complete
    set -l path
    set -l words (commandline -opc)
    string match -q '*scorpiox-tmux' -- $words[1]; and set path tmux
    for word in $words[2..-1]
        if __scorpiox_words $path $word >/dev/null
            set -a path $word
        end
    end
    __scorpiox_words $path
end
complete -c scorpiox -a '(__scorpiox_complete)'
complete -c scorpiox-tmux -a '(__scorpiox_complete)'
`;
}
