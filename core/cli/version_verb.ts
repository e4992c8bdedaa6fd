/** `version`: which program this is, as Argo Rollouts' command line says it. */
import { CommandLineError } from "../command/command_line_error.ts";
import { programVerb } from "./program_verb.ts";
import { VERSION } from "./version.ts";

export const VERSION_VERB = programVerb({
  usage: "version [flags]",
  flags: {
    short: { about: "Only the version itself" },
    licenses: { about: "The packages that the program contains, and their licences" },
  },
  notes: `
Examples:
  sluice version
  sluice version --short
  sluice version --licenses

Exit codes: 0 printed.`,
  badInputCode: 1,
  async run(terminal, [name], { short, licenses }) {
    if (name !== undefined) throw new CommandLineError(`unexpected argument "${name}"`);
    const { calledAs, build } = terminal;
    if (licenses) {
      terminal.out((await import("./licences.txt", { with: { type: "text" } })).default);
      return 0;
    }
    terminal.out(`${calledAs.replaceAll(" ", "-")}: v${VERSION}\n`);
    if (!short) terminal.out(`  Platform: ${build.platform}\n  Runtime: ${build.runtime}\n`);
    return 0;
  },
});
