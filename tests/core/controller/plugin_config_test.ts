import assert from "node:assert/strict";
import { CONFIG_MAPS } from "../../../core/api/names/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { configuredPlugins } from "../../../core/controller/mod.ts";
import { pluginItems } from "../../../core/controller/plugin_config.ts";
import { ApiError, type Cluster, type Log, UnreachableError } from "../../../core/ports/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";

const STEPS = `
- name: org/check
  location: file:///plugins/check
  disabled: true
- name: sluice/webhook
- name: org/other
  location: https://example.com/other
`;

/** A cluster with this ConfigMap, and a log that keeps what it is told. */
async function worldWith(data: Record<string, string> | undefined) {
  const clock = new VirtualClock(0);
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random: seededRandom(1),
    customResources: [],
  });
  const client = cluster.client("test");
  const namespace = "argo-rollouts";
  await client.create(
    { group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  );
  if (data !== undefined) {
    const metadata = { name: "argo-rollouts-config", namespace };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
    await client.create(CONFIG_MAPS, object as KubeObject);
  }
  const lines: string[] = [];
  const told = (level: string) => (message: string, fields: object = {}) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log = {
    debug: told("debug"),
    info: told("info"),
    warn: told("warn"),
    error: told("error"),
  };
  return { clock, cluster: client, namespace, lines, log: log as unknown as Log };
}

const NEVER = new Promise<void>(() => {});

Deno.test("step plugins that the ConfigMap switches off are left out; the others are told", async () => {
  const world = await worldWith({ stepPlugins: STEPS });
  const configured = await configuredPlugins(plugins, world, NEVER);
  assert.deepEqual(configured.disabledStepPlugins, ["org/check"]);
  assert.deepEqual(world.lines, [
    'info a step plugin is switched off: its steps are left out {"plugin":"org/check",' +
    '"key":"stepPlugins"}',
    'info a plugin is built in {"plugin":"sluice/webhook","key":"stepPlugins"}',
    'warn a plugin cannot be loaded by this version {"plugin":"org/other","key":"stepPlugins"}',
  ]);
});

Deno.test("the plugin of the Gateway API is built in under the name of Argo Rollouts'", async () => {
  const trafficRouterPlugins = "- {name: argoproj-labs/gatewayAPI, location: 'https://x.example'}";
  const world = await worldWith({ trafficRouterPlugins });
  assert.equal(await configuredPlugins(plugins, world, NEVER), plugins);
  assert.match(world.lines.join("\n"), /^info a plugin is built in .*gatewayAPI/);
});

Deno.test("without the ConfigMap, or without the right to read it, the plugins are as they are", async () => {
  const absent = await worldWith(undefined);
  assert.equal(await configuredPlugins(plugins, absent, NEVER), plugins);
  assert.deepEqual(absent.lines, []);
  const refused = new ApiError({ code: 403, reason: "Forbidden", message: "no" });
  const cluster = { ...absent.cluster, get: () => Promise.reject(refused) } as unknown as Cluster;
  assert.equal(await configuredPlugins(plugins, { ...absent, cluster }, NEVER), plugins);
  assert.match(absent.lines.join("\n"), /^warn the plugins of a ConfigMap are not known/);
});

Deno.test("a cluster that does not answer is waited for, until the controller is to stop", async () => {
  const world = await worldWith({ stepPlugins: STEPS });
  let failures = 2;
  const get: Cluster["get"] = (...args) =>
    failures-- > 0
      ? Promise.reject(new UnreachableError("connection refused"))
      : world.cluster.get(...args);
  const cluster = { ...world.cluster, get } as unknown as Cluster;
  const configured = configuredPlugins(plugins, { ...world, cluster }, NEVER);
  for (let turn = 0; turn < 200 && failures >= 0; turn++) {
    await Promise.resolve();
    const nextMs = world.clock.nextDueMs();
    if (nextMs === undefined) continue;
    world.clock.advanceTo(nextMs);
    world.clock.runDue();
  }
  assert.deepEqual((await configured).disabledStepPlugins, ["org/check"]);
  assert.equal(world.clock.now(), 4_000);
  assert.deepEqual(world.lines.filter((line) => line.startsWith("warn ")).slice(0, -1), [
    "warn cannot read the ConfigMap of plugins; trying again until the cluster answers " +
    '{"configMap":"argo-rollouts/argo-rollouts-config","cause":"connection refused"}',
  ]);
  failures = Infinity;
  const stop = Promise.withResolvers<void>();
  const given = configuredPlugins(plugins, { ...world, cluster }, stop.promise);
  stop.resolve();
  assert.equal(await given, plugins);
  assert.equal(world.clock.nextDueMs(), undefined, "no timer is left");
});

const BAD: readonly [text: string, problem: RegExp][] = [
  ["- {name: check}", /plugin repository \(check\) must be in the format of <namespace>\/<name>$/],
  ["- {name: a/b/c}", /plugin repository \(a\/b\/c\) must be/],
  ["name: org/check", /it is no list of plugins$/],
  ["- org/check", /an entry is no mapping$/],
  ["- {name: [", /: line \d+: /],
];

Deno.test("what cannot be understood is refused, with the key and the reason", () => {
  for (const [stepPlugins, problem] of BAD) {
    assert.throws(() => pluginItems({ stepPlugins }), (error: Error) => {
      assert.match(
        error.message,
        /^Cannot read stepPlugins of the ConfigMap argo-rollouts-config: /,
      );
      assert.match(error.message, problem);
      return true;
    });
  }
  assert.deepEqual(pluginItems({ stepPlugins: " ", metricProviderPlugins: "[]" }), []);
});
