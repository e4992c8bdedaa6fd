/** What metric providers may use of the world outside, for one measurement at a time. */
import type { MetricCluster, MetricPorts } from "../../sdk/metric_provider.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { defineResource, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { parseRangeTime } from "../analysis/condition/mod.ts";
import type { MeasureScope } from "../analysis/mod.ts";
import { isAlreadyExists, isNotFound } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import { pluginPorts, type PluginPortsOptions } from "./plugin_ports.ts";

export const SECRETS: ResourceType = defineResource("", "v1", "secrets", "Secret");

/** What the controller is told from outside. */
export interface ControllerSettings {
  /** The namespace that the controller runs in. */
  readonly namespace: string;
  /** The value of an environment variable. */
  setting(name: string): string | undefined;
  readFile(path: string): Promise<Uint8Array>;
  /** Where the Jobs of metrics run; default: the cluster of the runs. */
  readonly jobCluster?: Cluster;
}

/** Outside a cluster nobody tells anything. */
export const NO_SETTINGS: ControllerSettings = Object.freeze<ControllerSettings>({
  namespace: "argo-rollouts",
  setting: () => undefined,
  readFile: (path) => Promise.reject(new Error(`No file "${path}"`)),
});

export interface MetricPortsOptions extends PluginPortsOptions {
  readonly cluster: Cluster;
  readonly settings: ControllerSettings;
}

/** Makes the ports of one measurement after the other. */
export function metricPorts(
  options: MetricPortsOptions,
): (scope: MeasureScope) => Omit<MetricPorts, "conceal"> {
  const { cluster, http, settings } = options;
  const common = pluginPorts(options);
  const objects = metricCluster(settings.jobCluster ?? cluster);
  return ({ namespace, signal }) => ({
    ...common,
    signal,
    fetch: (request) => http.send(request, signal),
    secret: (place, name, key) =>
      secretOf(cluster, { namespace: place === "run" ? namespace : settings.namespace, name, key }),
    setting: (name) => settings.setting(name),
    settingFile: (name) => settingFile(settings, name),
    evaluateTime: (expression) => parseRangeTime(expression)({ nowMs: () => common.now() }),
    cluster: objects,
  });
}

/** Where a value of a Secret stands. */
export interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** The value of a key of a Secret. */
export async function secretOf(
  cluster: Cluster,
  { namespace, name, key }: SecretPlace,
): Promise<string> {
  const secret = await cluster.get(SECRETS, { namespace, name });
  const value = fieldsOf(secret["data"])[key];
  if (typeof value !== "string") throw new Error(`key '${key}' does not exist in secret '${name}'`);
  return new TextDecoder().decode(Uint8Array.fromBase64(value));
}

/** The text of the file that a setting names. */
export async function settingFile(
  { setting, readFile }: ControllerSettings,
  name: string,
): Promise<string | undefined> {
  const path = setting(name);
  if (path === undefined || path === "") return undefined;
  try {
    return new TextDecoder().decode(await readFile(path));
  } catch {
    throw new Error(`Cannot read the file "${path}" that ${name} names`);
  }
}

/** The cluster port, as far as providers may use it. */
export function metricCluster(cluster: Cluster): MetricCluster {
  return {
    async get(type, ref) {
      try {
        return await cluster.get(type, ref);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async list(type, selection) {
      return (await cluster.list(type, selection)).items;
    },
    async create(type, object) {
      try {
        return await cluster.create(type, object);
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
        const { name, namespace } = object.metadata;
        return await cluster.get(type, namespace === undefined ? { name } : { namespace, name });
      }
    },
    async delete(type, ref) {
      try {
        // Foreground: the object stays until its pods are gone, so that none is left behind.
        await cluster.delete(type, ref, { propagationPolicy: "Foreground" });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
