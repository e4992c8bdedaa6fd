/** Makes a message of templates: texts are rendered, and several templates become one message. */
import { type Fields, isFields } from "../../sdk/wire/json.ts";
import { type Block, isBroken, type NotificationConfig } from "./config.ts";
import type { Destination } from "./config.ts";
import { type Facts, variablesOf } from "./facts.ts";
import { NOT_THERE } from "./names.ts";
import {
  Dict,
  RenderingBudget,
  type RenderOptions,
  type Template,
  type TemplatePorts,
  valueOfData,
} from "./template/mod.ts";
import { TIME_FUNCTIONS } from "./time_functions.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** What one recipient gets. */
export interface Composed {
  readonly message: string;
  /** The part of the templates that is meant for the service. */
  readonly content: Fields;
}

/** Where a message goes, and what kind of service that is. */
export interface Addressee extends Destination {
  readonly type: string;
}

/** What messages are made of. */
export interface ComposeParts {
  readonly config: NotificationConfig;
  readonly facts: Facts;
  readonly ports: TemplatePorts;
  /** What all texts of the message may do together. */
  readonly budget?: RenderingBudget;
}

/**
 * The message of these templates, merged in their order.
 * @throws {Error} for a template that there is not, is broken, or cannot be rendered
 */
export function compose(
  templates: readonly string[],
  { service, recipient, type }: Addressee,
  parts: ComposeParts,
): Composed {
  const { message, content } = merge(templates, { service, recipient }, parts, type);
  const own = content[type];
  return { message, content: isFields(own) ? own : {} };
}

/** As `compose`, with the parts of all services, for nobody in particular. */
export function composeAll(templates: readonly string[], parts: ComposeParts): Composed {
  return merge(templates, { service: "console", recipient: "stdout" }, parts);
}

/** The content is by type of service; `type`: only of that one. */
function merge(
  templates: readonly string[],
  { service, recipient }: Destination,
  { config, facts, ports, budget = new RenderingBudget() }: ComposeParts,
  type?: string,
): Composed {
  const data = dataOf({
    ...variablesOf(facts, config.raw.secrets),
    time: TIME_FUNCTIONS,
    serviceType: service,
    recipient,
  });
  const options = { ports, wholeNumbers: "int64", budget } as const;
  let message = "";
  let content: Fields = {};
  for (const name of templates) {
    const template = config.templates.get(name);
    if (template === undefined) throw new Error(NOT_THERE.template(name));
    if (isBroken(template)) throw new Error(template.error);
    try {
      const text = template.message === undefined ? "" : rendered(template.message, data, options);
      if (text !== "") message = text;
      for (const [of, block] of Object.entries(template.blocks)) {
        if (type !== undefined && of !== type) continue;
        content = merged(content, { [of]: renderBlock(block, data, options) });
      }
    } catch (error) {
      const detail = errorText(error);
      throw new Error(`Cannot render template '${name}': ${detail}`);
    }
  }
  return { message, content };
}

/** Made once for all texts of a message. */
function dataOf(variables: Readonly<Record<string, unknown>>): Dict {
  return new Dict(
    Object.entries(variables).map(([name, value]) => [name, valueOfData(value, "int64")]),
  );
}

/** @throws {Error} when the template cannot be rendered with these data */
function rendered(template: Template, data: Dict, options: RenderOptions): string {
  const outcome = template.render(data, options);
  if (outcome.error !== undefined) throw new Error(outcome.error.message);
  return outcome.text;
}

function renderBlock(block: Block, data: Dict, options: RenderOptions): unknown {
  switch (block.is) {
    case "text":
      return rendered(block.template, data, options);
    case "value":
      return block.value;
    case "list":
      return block.items.map((item) => renderBlock(item, data, options));
    case "fields":
      return Object.fromEntries(
        block.fields.map(([key, field]) => [key, renderBlock(field, data, options)]),
      );
  }
}

/** What a later template says counts, where it says anything. */
function merged(before: Fields, after: Fields): Fields {
  const fields = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const present = fields[key];
    if (isFields(value) && isFields(present)) fields[key] = merged(present, value);
    else if (value !== "" && value !== null) fields[key] = value;
  }
  return fields;
}
