/** Pods that are ready and not yet available: users reach them, so they stay until others do. */
import assert from "node:assert/strict";
import { plugins } from "../../../plugins/mod.ts";
import { BAD, play, service, shop, virtualService } from "./shop.ts";

const ROUTER = "trafficRouting: {istio: {virtualService: {name: web}}}";
const WITHOUT_DELAY = "activeService: stable, previewService: canary, scaleDownDelaySeconds: 0";

/** Four pods that are ready after 1.2 s, and available 10 s later. */
const slow = (strategy: string, image = "registry.example/shop:1") =>
  shop(strategy, { replicas: 4, fields: "minReadySeconds: 10" })
    .replace("registry.example/shop:1", image);
const canary = (more = "steps: []", image?: string) =>
  slow(`canary: {stableService: stable, canaryService: canary, ${more}}`, image);
const to = (version: number) => `set image shop main=registry.example/shop:${version}`;

const ROWS: Readonly<Record<string, { manifests: string; commands: readonly string[] }>> = {
  "a canary at its first deployment": {
    manifests: canary(),
    commands: [`5s: ${to(2)}`],
  },
  "a canary with a surge of all pods": {
    manifests: canary("maxSurge: 100%, maxUnavailable: 0"),
    commands: [`5s: ${to(2)}`],
  },
  "a canary whose first revision never came, and whose second is superseded": {
    manifests: canary("maxSurge: 100%", BAD),
    commands: [`5s: ${to(2)}`, `8s: ${to(3)}`],
  },
  "one pod of a canary, in the same case": {
    manifests: canary("steps: [{setWeight: 50}]", BAD).replace("replicas: 4", "replicas: 1"),
    commands: [`5s: ${to(2)}`, `8s: ${to(3)}`],
  },
  "a routed canary at its first deployment": {
    manifests: canary(ROUTER) + virtualService(100, 0),
    commands: [`5s: ${to(2)}`],
  },
  "a routed canary whose route led to the canary before": {
    manifests: canary(`${ROUTER}, dynamicStableScale: true`) + virtualService(0, 100),
    commands: [`5s: ${to(2)}`],
  },
  "a routed canary whose first revision never came, and whose second is superseded": {
    manifests: canary(ROUTER, BAD) + virtualService(100, 0),
    commands: [`5s: ${to(2)}`, `8s: ${to(3)}`],
  },
  "a routed canary, promoted in full": {
    manifests:
      canary(`${ROUTER}, dynamicStableScale: true, steps: [{setWeight: 50}, {pause: {}}]`) +
      virtualService(100, 0),
    commands: [`5s: ${to(2)}`, "6s: promote shop --full"],
  },
  "a blue-green at its first deployment": {
    manifests: slow(`blueGreen: {${WITHOUT_DELAY}}`),
    commands: [`5s: ${to(2)}`, `8s: ${to(3)}`],
  },
  "a blue-green whose first revision never came, and whose second is superseded": {
    manifests: slow(`blueGreen: {${WITHOUT_DELAY}}`, BAD),
    commands: [`5s: ${to(2)}`, `8s: ${to(3)}`],
  },
};

for (const [name, { manifests, commands }] of Object.entries(ROWS)) {
  Deno.test(`pods that are ready stay until others are available: ${name}`, async () => {
    const services = service("stable") + service("canary");
    const { users, result } = await play(manifests + services, commands, { plugins });
    assert.deepEqual(result.violations, []);
    assert.equal(result.phase, "Healthy");
    const empty = users.services.filter(({ longestEmpty, isPreview }) =>
      longestEmpty !== null && !isPreview
    );
    assert.deepEqual(empty, []);
  });
}
