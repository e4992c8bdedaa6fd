/** The command line: which verbs there are, and how errors become sentences and exit codes. */
import { Command, CommanderError } from "commander";
import { analysisCommand } from "./analysis.ts";
import { controllerCommand } from "./controller.ts";
import { demoCommand } from "./demo.ts";
import { lintCommand } from "./lint.ts";
import { manifestsCommand } from "./manifests.ts";
import { fromPflag } from "./pflag.ts";
import { simulateCommand } from "./simulate.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

const BAD_INPUT = 2;

/** Runs one command line (without the program's own name) and gives its exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(fromPflag(args, program), { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`Error: ${error.message}\n`);
      return BAD_INPUT;
    }
    // Commander has said it already, on standard error; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
    throw error;
  }
}

function buildProgram(terminal: Terminal, onExit: (code: number) => void): Command {
  const program = new Command("sluice")
    .description(
      "Progressive delivery for Kubernetes: a drop-in replacement for Argo Rollouts\n" +
        "that can also simulate a release offline.",
    )
    .version(`sluice ${VERSION}`, "--version")
    .addCommand(simulateCommand(terminal, onExit))
    .addCommand(lintCommand(terminal, onExit))
    .addCommand(demoCommand(terminal, onExit))
    .addCommand(controllerCommand(terminal, onExit))
    .addCommand(manifestsCommand(terminal))
    .addCommand(analysisCommand(terminal));
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(oneLine(text)),
      getOutHelpWidth: () => terminal.widthColumns ?? 100,
      getErrHelpWidth: () => terminal.widthColumns ?? 100,
    });
  }
  return program;
}

/** The program, its verbs, and the verbs of those. */
function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** What is wrong with a command line, and where to look, in one line. */
function oneLine(text: string): string {
  const sentence = text.replace(/^error: /, "Error: ").replaceAll(/\s+/g, " ").trim();
  return `${sentence} (--help shows how the command is used)\n`;
}
