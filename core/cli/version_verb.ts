/** `version`: which program this is, as Argo Rollouts' command line says it. */
import { CommandLineError } from "../command/command_line_error.ts";
import { programVerb } from "./program_verb.ts";
import { VERSION } from "./version.ts";

export const VERSION_VERB = programVerb({
  usage: "version [flags]",
  flags: { short: { about: "Only the version itself" } },
  notes: `
Examples:
  sluice version
  sluice version --short

Exit codes: 0 printed.`,
  badInputCode: 1,
  run(terminal, [name], { short }) {
    if (name !== undefined) throw new CommandLineError(`unexpected argument "${name}"`);
    const { calledAs, build } = terminal;
    terminal.out(`${calledAs.replaceAll(" ", "-")}: v${VERSION}\n`);
    if (!short) terminal.out(`  Platform: ${build.platform}\n  Runtime: ${build.runtime}\n`);
    return Promise.resolve(0);
  },
});
