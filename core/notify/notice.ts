/** Somebody is to be told of something: data, from which a message is made when it is sent. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { compose } from "./compose.ts";
import { isBroken, type NotificationConfig } from "./config.ts";
import type { Subscriber } from "./destinations.ts";
import { hexDigest } from "./digest.ts";
import type { Facts } from "./facts.ts";
import { NOT_THERE } from "./names.ts";
import type { Outgoing } from "./outgoing.ts";
import type { RenderingBudget, TemplatePorts } from "./template/mod.ts";

export interface Notice {
  readonly id: string;
  readonly subscriber: Subscriber;
  /** Names of templates. */
  readonly templates: readonly string[];
  readonly facts: Facts;
  readonly cause: Outgoing["cause"];
}

/** A short text that is the same for the same parts. */
export function idOf(...parts: readonly unknown[]): string {
  return hexDigest(JSON.stringify(parts));
}

/**
 * The message of a notice.
 * @throws {Error} when the configuration lacks what it needs
 */
export function outgoingOf(
  { id, subscriber, templates, facts, cause }: Notice,
  config: NotificationConfig,
  { ports, budget }: { ports: TemplatePorts; budget?: RenderingBudget },
): Outgoing {
  const { service: name, recipient, trigger } = subscriber;
  const service = config.services.get(name);
  if (service === undefined) throw new Error(NOT_THERE.service(name));
  if (isBroken(service)) throw new Error(service.error);
  const addressee = { service: name, recipient, type: service.notifier.name };
  const { message, content } = compose(templates, addressee, {
    config,
    facts,
    ports,
    ...(budget === undefined ? {} : { budget }),
  });
  return {
    id,
    namespace: config.raw.namespace,
    service,
    recipient,
    message,
    content,
    about: aboutOf(facts.rollout, trigger, templates[0]),
    object: facts.rollout,
    cause,
  };
}

function aboutOf(
  { kind, metadata: { namespace = "", name } }: Rollout,
  trigger: string,
  template: string | undefined,
): Outgoing["about"] {
  return { kind, namespace, name, trigger, ...(template === undefined ? {} : { template }) };
}
