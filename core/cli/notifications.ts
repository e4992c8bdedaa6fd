/** `notifications template` and `notifications trigger`: what a configuration says and does. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { CommandLineError } from "../command/mod.ts";
import type { Flags, FlagValues } from "../command/flags.ts";
import {
  factsOf,
  type NotificationConfig,
  runTrigger,
  shownTemplates,
  shownTriggers,
} from "../notify/mod.ts";
import { CONFIG_FLAGS, withNotifications } from "./notification_config.ts";
import { dataText } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

const FORMATS = {
  output: {
    short: "o",
    value: "FORMAT",
    default: "wide",
    choices: ["wide", "name", "json", "yaml"],
    about: "wide, name, json or yaml",
  },
} as const satisfies Flags;
const GET_FLAGS = { ...FORMATS, ...CONFIG_FLAGS } as const;

type GetFlags = FlagValues<typeof GET_FLAGS>;

const EXIT_CODES = "Exit codes: 0 printed; 1 there is no such thing, or it cannot be told.";

export const TEMPLATE_GET = programVerb({
  usage: "notifications template get [NAME] [flags]",
  about: "List the templates of notifications, or print one",
  flags: GET_FLAGS,
  notes: `
Examples:
  sluice notifications template get
  sluice notifications template get rollout-completed -o yaml
  sluice notifications template get --config-map configmap.yaml --secret :empty

${EXIT_CODES}`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const name = oneName(names);
    return await withNotifications(terminal, flags, async ({ config }) => {
      const templates = chosen(shownTemplates(config), name, "template");
      const rows = templates.map(({ name, preview }) => [name, preview]);
      const data = templates.map(({ name, definition }) => ({ name, ...definition }));
      terminal.out(await shown([["NAME", "PREVIEW"], ...rows], data, flags));
      return 0;
    });
  },
});

export const TRIGGER_GET = programVerb({
  usage: "notifications trigger get [NAME] [flags]",
  about: "List the triggers of notifications, or print one",
  flags: GET_FLAGS,
  notes: `
Examples:
  sluice notifications trigger get
  sluice notifications trigger get on-rollout-completed -o json
  sluice notifications trigger get --config-map configmap.yaml --secret :empty

${EXIT_CODES}`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const name = oneName(names);
    return await withNotifications(terminal, flags, async ({ config }) => {
      const triggers = chosen(shownTriggers(config), name, "trigger");
      const rows = triggers.map(({ name, send, condition }) => [name, send.join(","), condition]);
      const data = triggers.map(({ name, send, condition }) => ({ name, when: condition, send }));
      terminal.out(await shown([["NAME", "TEMPLATE", "CONDITION"], ...rows], data, flags));
      return 0;
    });
  },
});

const RUN_FLAGS = {
  output: {
    short: "o",
    value: "FORMAT",
    default: "text",
    choices: ["text", "json", "yaml"],
    about: "text, json or yaml",
  },
  ...CONFIG_FLAGS,
} as const;

export const TRIGGER_RUN = programVerb({
  usage: "notifications trigger run NAME ROLLOUT [flags]",
  about: "Evaluate the conditions of a trigger for a rollout, of the cluster or of a file",
  flags: RUN_FLAGS,
  notes: `
Examples:
  sluice notifications trigger run on-healthy web
  sluice notifications trigger run on-healthy ./rollout.yaml --config-map configmap.yaml \\
    --secret :empty

A condition that is empty is met by the event of that name, and by no change of a rollout.

Exit codes: 0 evaluated, whatever it came to; 1 there is no such thing, or it cannot be told.`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const [trigger, name] = twoNames(names, "notifications trigger run NAME ROLLOUT");
    return await withNotifications(terminal, flags, async ({ config, rollout }) => {
      const results = await evaluated(trigger, config, await rollout(name), terminal);
      const rows = results.map(({ condition, isMet }) => [condition, String(isMet)]);
      terminal.out(
        flags.output === "text" ? table([["CONDITION", "RESULT"], ...rows]) : await dataText(
          results.map(({ condition, isMet }) => ({ condition, result: isMet })),
          flags.output,
        ),
      );
      return 0;
    });
  },
});

function evaluated(
  trigger: string,
  config: NotificationConfig,
  rollout: Rollout,
  { clock }: Terminal,
) {
  const facts = factsOf(rollout, []);
  try {
    return Promise.resolve(runTrigger(trigger, config, { facts, nowMs: clock.now() }));
  } catch (error) {
    throw new UsageError(errorText(error));
  }
}

function oneName(names: readonly string[]): string | undefined {
  const [name, extra] = names;
  if (extra !== undefined) throw new CommandLineError(`unexpected argument "${extra}"`);
  return name;
}

/** @throws {CommandLineError} for more or fewer */
export function twoNames(names: readonly string[], usage: string): readonly [string, string] {
  const [first, second, extra] = names;
  if (first === undefined || second === undefined || extra !== undefined) {
    throw new CommandLineError(`two names are needed: ${usage}`);
  }
  return [first, second];
}

function chosen<Item extends { readonly name: string }>(
  items: readonly Item[],
  name: string | undefined,
  what: string,
): readonly Item[] {
  if (name === undefined) return items;
  const found = items.filter((item) => item.name === name);
  if (found.length > 0) return found;
  const all = [...new Set(items.map((item) => item.name))].join(", ");
  throw new UsageError(`no ${what} "${name}"; there are: ${all === "" ? "none" : all}`);
}

async function shown(
  rows: readonly (readonly string[])[],
  data: readonly { readonly name: string }[],
  { output }: Pick<GetFlags, "output">,
): Promise<string> {
  if (output === "wide") return table(rows);
  if (output === "name") {
    return [...new Set(data.map(({ name }) => name))].map((name) => `${name}\n`).join("");
  }
  return await dataText(data, output);
}

/** Columns as kubectl sets them; what stands in several lines is shown in one. */
function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim()));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => [...row[column] ?? ""].length))
  );
  return cells.map((row) =>
    `${
      row.map((cell, column) =>
        column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 2)
      ).join("").trimEnd()
    }\n`
  ).join("");
}
