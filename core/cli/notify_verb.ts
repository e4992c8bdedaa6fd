/** `notifications template notify`: sends one message now, or prints what would be sent. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { Flags } from "../command/flags.ts";
import {
  type Attempt,
  Courier,
  factsOf,
  idOf,
  isBroken,
  type NotificationConfig,
  type Outgoing,
  outgoingOf,
  renderedTemplate,
  type TemplatePorts,
} from "../notify/mod.ts";
import { controllerSettings } from "./controller_settings.ts";
import { CONFIG_FLAGS, withNotifications } from "./notification_config.ts";
import { twoNames } from "./notifications.ts";
import { dataText } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

const FLAGS = {
  recipient: {
    value: "SERVICE:RECIPIENT",
    isRepeatable: true,
    about: "Whom to send it to; can be repeated (default: console:stdout, which prints it)",
  },
  output: {
    short: "o",
    value: "FORMAT",
    default: "text",
    choices: ["text", "json", "yaml"],
    about: "text, json or yaml",
  },
  ...CONFIG_FLAGS,
} as const satisfies Flags;

/** Whoever is meant by it sees what would be sent. */
const CONSOLE = "console";

export const TEMPLATE_NOTIFY = programVerb({
  usage: "notifications template notify NAME ROLLOUT [flags]",
  about: "Render a template for a rollout, and print or send it",
  flags: FLAGS,
  notes: `
Examples:
  # What would be sent
  sluice notifications template notify rollout-completed web

  # The same from files, without a cluster
  sluice notifications template notify rollout-completed ./rollout.yaml \\
    --config-map configmap.yaml --secret :empty

  # Send it now
  sluice notifications template notify rollout-completed web --recipient slack:deployments

Exit codes: 0 printed, or sent to all; 1 not sent to one of them, or it cannot be told.`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const [template, name] = twoNames(names, "notifications template notify NAME ROLLOUT");
    return await withNotifications(terminal, flags, async ({ config, rollout }) => {
      const parts = { terminal, config, template, rollout: await rollout(name) };
      const recipients = flags.recipient.length === 0 ? [`${CONSOLE}:stdout`] : flags.recipient;
      // All of them first: who mistypes one has sent nothing.
      const messages = recipients.map((recipient) => messageFor(recipient, parts));
      const results: Result[] = [];
      for (const message of messages) results.push(await delivered(message, parts));
      terminal.out(await textOf(results, flags.output));
      for (const { recipient, message } of results.filter(({ is }) => is === "failed")) {
        terminal.err(`Error: ${recipient}: ${message}\n`);
      }
      return results.some(({ is }) => is === "failed") ? 1 : 0;
    });
  },
});

interface Parts {
  readonly terminal: Terminal;
  readonly config: NotificationConfig;
  readonly template: string;
  readonly rollout: Rollout;
}

interface Result {
  readonly recipient: string;
  readonly is: "printed" | "sent" | "failed";
  readonly message?: string;
  readonly rendered?: unknown;
}

/** What one recipient is to get: to be printed, or to be sent. */
type Message =
  | { readonly recipient: string; readonly rendered: unknown }
  | { readonly recipient: string; readonly outgoing: Outgoing };

/** @throws {UsageError} for a service that there is not, or what cannot be rendered */
function messageFor(recipient: string, parts: Parts): Message {
  const { terminal: { clock, random }, config, template, rollout } = parts;
  const ports = portsOf(parts);
  const facts = factsOf(rollout, []);
  const colon = recipient.indexOf(":");
  const [service, to] = colon < 0
    ? [recipient, ""]
    : [recipient.slice(0, colon), recipient.slice(colon + 1)];
  if (service === CONSOLE) {
    const rendered = orUsage(() => renderedTemplate(template, config, { facts, ports }));
    return { recipient, rendered };
  }
  const destination = { service, recipient: to };
  const notice = {
    id: idOf(rollout.metadata.uid, template, destination, clock.now(), random.next()),
    subscriber: { ...destination, trigger: "" },
    templates: [template],
    facts,
    cause: { type: "Normal", reason: "" },
  };
  return { recipient, outgoing: orUsage(() => outgoingOf(notice, config, { ports })) };
}

function portsOf({ terminal: { clock, random } }: Parts): TemplatePorts {
  return { nowMs: () => clock.now(), random: () => random.next() };
}

async function delivered(message: Message, parts: Parts): Promise<Result> {
  const { recipient } = message;
  if ("rendered" in message) return { recipient, is: "printed", rendered: message.rendered };
  const attempt = await send(message.outgoing, parts);
  if (attempt.is === "sent") return { recipient, is: "sent" };
  return { recipient, is: "failed", message: attempt.message };
}

/** Tries once: the person at it sees what became of it. */
async function send(outgoing: Outgoing, { terminal, config }: Parts): Promise<Attempt> {
  const { clock } = terminal;
  // Loaded here: nobody else pays for the network.
  const { HttpClient, notifierSettings } = await import("../controller/mod.ts");
  const http = new HttpClient({ clock });
  const courier = new Courier({
    clock,
    ports: { now: () => clock.now(), fetch: (request) => http.send(request), log: () => {} },
    settings: notifierSettings(await controllerSettings(terminal)),
    fetch: (request, signal) => http.send(request, signal),
    serviceNow({ service: { name } }) {
      const service = config.services.get(name);
      return Promise.resolve(service === undefined || isBroken(service) ? undefined : service);
    },
    secretsOf: () => config.raw.secrets,
  });
  try {
    return await courier.attempt(outgoing);
  } finally {
    http.close();
  }
}

function orUsage<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw new UsageError(errorText(error));
  }
}

async function textOf(
  results: readonly Result[],
  format: "text" | "json" | "yaml",
): Promise<string> {
  if (format !== "text") return await dataText(results, format);
  const parts = await Promise.all(results.map(async ({ recipient, is, rendered }) => {
    if (is === "printed") return await dataText(rendered, "yaml");
    return is === "sent" ? `sent to ${recipient}\n` : "";
  }));
  return parts.join("");
}
