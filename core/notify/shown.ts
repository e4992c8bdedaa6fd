/** A configuration as people look at it: its templates, its triggers, and what they come to. */
import { type Fields, isFields } from "../../sdk/wire/json.ts";
import { composeAll } from "./compose.ts";
import { isBroken, type NotificationConfig } from "./config.ts";
import { evaluateTrigger } from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import { NOT_THERE } from "./names.ts";
import type { TemplatePorts } from "./template/mod.ts";
import { parseYaml } from "../api/manifest/yaml_tree.ts";

/** More of a message does not fit into a line. */
const PREVIEW_MAX = 99;

export interface ShownTemplate {
  readonly name: string;
  /** The first line of the message, or what is wrong. */
  readonly preview: string;
  /** As it is written. */
  readonly definition: Fields;
}

export interface ShownTrigger {
  readonly name: string;
  /** Names of templates. */
  readonly send: readonly string[];
  readonly condition: string;
}

/** All templates in the order of their names. */
export function shownTemplates(config: NotificationConfig): ShownTemplate[] {
  return [...config.templates].sort(byName).map(([name, template]) => {
    const text = isBroken(template) ? template.error : template.messageText;
    const [line = ""] = text.trim().split("\n");
    const characters = [...line];
    const preview = characters.length > PREVIEW_MAX
      ? `${characters.slice(0, PREVIEW_MAX).join("")}...`
      : line;
    const value = parseYaml(config.raw.data[`template.${name}`] ?? "").trees[0]?.value;
    return { name, preview, definition: isFields(value) ? value : {} };
  });
}

/** A line for each condition, in the order of names. */
export function shownTriggers(config: NotificationConfig): ShownTrigger[] {
  return [...config.triggers].sort(byName).flatMap(([name, conditions]) =>
    isBroken(conditions)
      ? [{ name, send: [], condition: conditions.error }]
      : conditions.map(({ send, whenText }) => ({ name, send, condition: whenText }))
  );
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** A condition and what it comes to. */
export interface ShownResult {
  readonly condition: string;
  readonly isMet: boolean;
}

/**
 * What the conditions of a trigger come to, when a Rollout changes.
 * @throws {Error} for a trigger that there is not, or is broken
 */
export function runTrigger(
  name: string,
  config: NotificationConfig,
  { facts, nowMs }: { readonly facts: Facts; readonly nowMs: number },
): ShownResult[] {
  const result = evaluateTrigger(name, { config, facts, nowMs, isEmptyMet: false });
  if ("error" in result) throw new Error(result.error);
  return result.conditions
    .map(({ condition: { whenText }, isMet }) => ({ condition: whenText, isMet }));
}

/**
 * A template, rendered for nobody: the message, and what each kind of service shows.
 * @throws {Error} for a template that there is not, is broken, or cannot be rendered
 */
export function renderedTemplate(
  name: string,
  config: NotificationConfig,
  { facts, ports }: { readonly facts: Facts; readonly ports: TemplatePorts },
): Fields {
  if (!config.templates.has(name)) throw new Error(NOT_THERE.template(name));
  const { message, content } = composeAll([name], { config, facts, ports });
  return { ...(message === "" ? {} : { message }), ...content };
}
