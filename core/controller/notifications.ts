/** Notifications of the running controller: what they need of the cluster and the network. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { CONFIG_MAPS } from "../api/names/resources.ts";
import type { EventRecorder } from "../engine/mod.ts";
import {
  Complaints,
  CONFIG_MAP_NAME,
  ConfigBoard,
  Courier,
  type CourierOptions,
  isBroken,
  type LoadConfig,
  MessageQueue,
  Notifications,
  rolloutFacts,
  SECRET_NAME,
  textsOfObjects,
} from "../notify/mod.ts";
import { ApiError, isNotFound } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { type ControllerSettings, SECRETS, settingFile } from "./metric_ports.ts";
import { pluginPorts, type PluginPortsOptions } from "./plugin_ports.ts";
import type { NotificationTry } from "./telemetry/notification_metrics.ts";

export interface RunningNotifications {
  readonly notifications: Notifications;
  stop(): void;
}

export interface NotificationParts extends PluginPortsOptions {
  readonly cluster: Cluster;
  readonly plugins: PluginRegistry;
  readonly recorder: EventRecorder;
  readonly random: Random;
  readonly settings: ControllerSettings;
  readonly isSelfServiceEnabled: boolean;
  /** Is told of every try. */
  readonly onTry?: ((tried: NotificationTry) => void) | undefined;
}

export function runNotifications(parts: NotificationParts): RunningNotifications {
  const { cluster, clock, log, http, plugins, recorder, random } = parts;
  const board = new ConfigBoard({
    clock,
    log,
    notifiers: plugins.notifiers,
    namespace: parts.settings.namespace,
    isSelfServiceEnabled: parts.isSelfServiceEnabled,
    load: loaderOf(cluster, log),
  });
  const courier = new Courier({
    clock,
    ports: pluginPorts(parts),
    fetch: (request, signal) => http.send(request, signal),
    settings: notifierSettings(parts.settings),
    async serviceNow({ namespace, service: { name } }) {
      const service = (await board.configIn(namespace)).services.get(name);
      return service === undefined || isBroken(service) ? undefined : service;
    },
    secretsOf: (namespace) => board.secretsIn(namespace),
  });
  const queue = new MessageQueue({
    clock,
    async attempt(outgoing) {
      const startMs = clock.monotonic();
      const attempt = await courier.attempt(outgoing);
      const seconds = (clock.monotonic() - startMs) / 1000;
      parts.onTry?.({ outgoing, isSent: attempt.is === "sent", seconds });
      return attempt;
    },
    onFailure({ about, service, recipient }, { message, tries, delayMs }) {
      log[tries <= 1 ? "warn" : "debug"]("a notification is not delivered, trying again", {
        rollout: `${about.namespace}/${about.name}`,
        service: service.name,
        recipient,
        tries,
        delayMs,
        cause: message,
      });
    },
  });
  const notifications = new Notifications({
    board,
    mailer: queue,
    complaints: new Complaints({
      log,
      record: (object, drafts) => recorder.record(object, drafts),
    }),
    clock,
    log,
    factsOf: rolloutFacts,
    ports: { nowMs: () => clock.now(), random: () => random.next() },
  });
  return { notifications, stop: () => queue.stop() };
}

/** What notifiers may know of the environment. */
export function notifierSettings(settings: ControllerSettings): CourierOptions["settings"] {
  return {
    setting: (name) => settings.setting(name),
    settingFile: (name) => settingFile(settings, name),
    file: (path) => textOfFile(settings, path),
  };
}

async function textOfFile({ readFile }: ControllerSettings, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readFile(path));
  } catch {
    throw new Error(`Cannot read the file "${path}" that the configuration names`);
  }
}

/** Reads both objects by their names; what is not there, or not for us, is empty. */
export function loaderOf(cluster: Cluster, log: Log): LoadConfig {
  const told = new Set<string>();
  const read = async (
    type: ResourceType,
    ref: { readonly namespace: string; readonly name: string },
  ): Promise<KubeObject | undefined> => {
    try {
      return await cluster.get(type, ref);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      if (!(error instanceof ApiError) || error.code !== 403) throw error;
      const { namespace, name } = ref;
      const id = `${type.plural} ${namespace}`;
      if (!told.has(id)) {
        log.warn("a part of the configuration of notifications may not be read", {
          namespace,
          [type.kind]: name,
          cause: error.message,
        });
      }
      told.add(id);
      return undefined;
    }
  };
  return async (namespace) => {
    const [configMap, secret] = await Promise.all([
      read(CONFIG_MAPS, { namespace, name: CONFIG_MAP_NAME }),
      read(SECRETS, { namespace, name: SECRET_NAME }),
    ]);
    return textsOfObjects({ configMap, secret });
  };
}
