/** `completion SHELL`: the script that lets a shell complete command lines. */
import { CommandLineError } from "../command/command_line_error.ts";
import { programVerb } from "./program_verb.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

type Shell = typeof SHELLS[number];

export const COMPLETION = programVerb({
  usage: "completion bash|zsh|fish|powershell",
  flags: {},
  notes: `
Examples:
  # For this session
  source <(sluice completion bash)

  # For all sessions
  sluice completion zsh > "\${fpath[1]}/_sluice"
  sluice completion fish > ~/.config/fish/completions/sluice.fish

As a plugin of kubectl, commands are completed by an executable kubectl_complete-argo-rollouts (or
kubectl_complete-sluice) in the search path: a link to the program.

Exit codes: 0 printed; 1 there is no such shell.`,
  badInputCode: 1,
  run(terminal, [shell, ...more]) {
    const found = SHELLS.find((one) => one === shell);
    if (found === undefined || more.length > 0) {
      throw new CommandLineError(`name one shell: ${SHELLS.join(", ")}`);
    }
    const program = terminal.calledAs.replaceAll(" ", "-");
    terminal.out(
      SCRIPTS[found].replaceAll("PROGRAM", program).replaceAll("FUNCTION", nameOf(program)),
    );
    return Promise.resolve(0);
  },
});

/** A name that every shell takes for a function. */
function nameOf(program: string): string {
  return `__${program.replaceAll("-", "_")}_complete`;
}

// What `__complete` prints: candidates with a tab before what they are about, then `:4`, or `:0`
// where the shell may complete file names.
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for PROGRAM
FUNCTION() {
  local line IFS=$'\\n'
  COMPREPLY=()
  for line in $(PROGRAM __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    case "$line" in
      :0) compopt -o default 2>/dev/null ;;
      :*) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done
}
complete -F FUNCTION PROGRAM
`,
  zsh: `#compdef PROGRAM
FUNCTION() {
  local line
  local -a candidates
  for line in "\${(@f)$(PROGRAM __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      :0) _files ;;
      :*|'') ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#candidates )) && _describe 'PROGRAM' candidates
}
if [ "$funcstack[1]" = "_PROGRAM" ]; then FUNCTION "$@"; else compdef FUNCTION PROGRAM; fi
`,
  fish: `# fish completion for PROGRAM
function FUNCTION
  set -l words (commandline -opc) (commandline -ct)
  for line in (PROGRAM __complete $words[2..-1] 2>/dev/null)
    switch $line
      case ':0'
        __fish_complete_path (commandline -ct)
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c PROGRAM -f -a '(FUNCTION)'
`,
  powershell: `# PowerShell completion for PROGRAM
Register-ArgumentCompleter -Native -CommandName PROGRAM -ScriptBlock {
  param($word, $line, $position)
  $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($word -eq '') { $words += '' }
  & PROGRAM __complete @words 2>$null | Where-Object { -not $_.StartsWith(':') } | ForEach-Object {
    $candidate, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $candidate }
    $type = [System.Management.Automation.CompletionResultType]::ParameterValue
    [System.Management.Automation.CompletionResult]::new($candidate, $candidate, $type, $about)
  }
}
`,
};
