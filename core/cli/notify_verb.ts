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
      const results: Result[] = [];
      for (const recipient of recipients) results.push(await notify(recipient, parts));
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

async function notify(recipient: string, parts: Parts): Promise<Result> {
  const { terminal: { clock, random }, config, template, rollout } = parts;
  const ports = { nowMs: () => clock.now(), random: () => random.next() };
  const facts = factsOf(rollout, []);
  const colon = recipient.indexOf(":");
  const [service, to] = colon < 0
    ? [recipient, ""]
    : [recipient.slice(0, colon), recipient.slice(colon + 1)];
  if (service === CONSOLE) {
    const rendered = orUsage(() => renderedTemplate(template, config, { facts, ports }));
    return { recipient, is: "printed", rendered };
  }
  const attempt = await send(parts, { service, recipient: to }, ports);
  if (attempt.is === "sent") return { recipient, is: "sent" };
  return { recipient, is: "failed", message: attempt.message };
}

/** Tries once: the person at it sees what became of it. */
async function send(
  { terminal, config, template, rollout }: Parts,
  destination: { readonly service: string; readonly recipient: string },
  ports: TemplatePorts,
): Promise<Attempt> {
  const { clock, random } = terminal;
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
  const subscriber = { ...destination, trigger: "" };
  const notice = {
    id: idOf(rollout.metadata.uid, template, destination, clock.now(), random.next()),
    subscriber,
    templates: [template],
    facts: factsOf(rollout, []),
    cause: { type: "Normal", reason: "" },
  };
  const outgoing = orUsage(() => outgoingOf(notice, config, { ports }));
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
