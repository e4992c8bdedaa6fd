/** The configuration of notifications: what would keep somebody from being told. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { CONFIG_MAPS, ROLLOUTS } from "../../api/names/resources.ts";
// Not through the door: what reads templates and conditions is handed in.
import { isBroken, type NotificationConfig } from "../../notify/config.ts";
import {
  CONFIG_MAP_NAME,
  NOT_THERE,
  SUBSCRIBE_PREFIX,
  SUBSCRIPTIONS_PREFIX,
} from "../../notify/names.ts";
import type { Spot } from "../finding.ts";
import type { LintWorld } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import type { LintDocument } from "../world.ts";

export const NOTIFICATION_RULES: readonly CheckedRule[] = [
  {
    name: "wrong-notification",
    severity: "error",
    reports: "A key of the ConfigMap of notifications cannot be used: a template, a trigger, a " +
      "condition, a service, a subscription.",
    why: "Nobody is told what the key is for.",
    check: (world) => configs(world).flatMap(wrongKeys),
  },
  {
    name: "unknown-notification",
    severity: "warning",
    reports: "A subscription names a trigger or a service that the ConfigMap of notifications in " +
      "the same files does not have.",
    why: "Whoever subscribed is never told.",
    check: unknownNames,
  },
];

interface Configured {
  readonly document: LintDocument;
  readonly config: NotificationConfig;
}

function configs({ documents, plugins, notifications }: LintWorld): Configured[] {
  if (notifications === undefined) return [];
  return documents.filter(({ object }) => isNotificationConfig(object)).map((document) => ({
    document,
    config: notifications.configOf(document.object, plugins),
  }));
}

/** Whether an object is the ConfigMap of notifications. */
export function isNotificationConfig({ apiVersion, kind, metadata }: KubeObject): boolean {
  return apiVersion === "v1" && kind === CONFIG_MAPS.kind && metadata.name === CONFIG_MAP_NAME;
}

function wrongKeys({ document, config }: Configured): Spot<LintDocument>[] {
  const { problems, triggers } = config;
  const spots = problems
    // Warnings are about the Secret, which does not belong into files.
    .filter(({ severity }) => severity === "error")
    .map(({ key, detail, position: { line, column } }) => ({
      document,
      location: ["data", key],
      text: `line ${line}, column ${column}: ${detail}`,
    }));
  for (const [name, conditions] of triggers) {
    if (isBroken(conditions)) continue;
    const missing = new Set(
      conditions.flatMap(({ send }) => send).filter((each) => !config.templates.has(each)),
    );
    for (const each of missing) {
      const location = ["data", `trigger.${name}`];
      spots.push({ document, location, text: NOT_THERE.template(each) });
    }
  }
  return spots;
}

function unknownNames(world: LintWorld): Spot<LintDocument>[] {
  const configured = configs(world);
  // Without any, it is elsewhere.
  if (configured.length === 0) return [];
  const rollouts = world.documents.filter(({ object }) => object.kind === ROLLOUTS.kind);
  const spots: Spot<LintDocument>[] = [];
  for (const { document, config } of configured) {
    for (const [index, { destinations, triggers }] of config.subscriptions.entries()) {
      const texts = [
        ...triggers.filter((name) => !config.triggers.has(name)).map(NOT_THERE.trigger),
        ...destinations.filter(({ service }) => !config.services.has(service))
          .map(({ service }) => NOT_THERE.service(service)),
      ];
      for (const text of new Set(texts)) {
        spots.push({ document, location: ["data", "subscriptions"], text: `[${index}]: ${text}` });
      }
    }
  }
  for (const document of rollouts) spots.push(...unknownOf(document, configured, world));
  return spots;
}

/** What none of the configurations has. */
function unknownOf(
  document: LintDocument,
  configured: readonly Configured[],
  { notifications }: LintWorld,
): Spot<LintDocument>[] {
  const { annotations = {} } = document.object.metadata;
  return Object.entries(annotations).flatMap(([key, value]): Spot<LintDocument>[] => {
    if (!key.startsWith(SUBSCRIBE_PREFIX) && !key.startsWith(SUBSCRIPTIONS_PREFIX)) return [];
    const texts = configured.map(({ config }) => {
      const own = { ...config, subscriptions: [] };
      const meta = { name: "", annotations: { [key]: value } };
      return (notifications?.subscribersOf(meta, own) ?? []).flatMap(({ trigger, service }) => [
        ...(config.triggers.has(trigger) ? [] : [NOT_THERE.trigger(trigger)]),
        ...(config.services.has(service) ? [] : [NOT_THERE.service(service)]),
      ]);
    });
    if (texts.some((list) => list.length === 0)) return [];
    const location = ["metadata", "annotations", key];
    return [...new Set(texts[0])].map((text) => ({ document, location, text }));
  });
}
