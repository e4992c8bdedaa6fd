import assert from "node:assert/strict";
import { delayOf, type Role, rolesOf } from "../../../core/view/tags.ts";
import type { Rollout, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { NOW_MS, secondsAgo, webCanary, webReplicaSet, webRollout } from "./view_objects.ts";

const PING_PONG = { pingPong: { pingService: "a", pongService: "b" } };

function blueGreen(status: RolloutStatus): Rollout {
  return webRollout({ strategy: { blueGreen: { activeService: "web" } } }, status);
}

const ROWS: { name: string; rollout: Rollout; hash?: string; roles: Role[] }[] = [
  {
    name: "the stable set of a canary, also when it is the newest",
    rollout: webCanary({}, { stableRS: "h1", currentPodHash: "h1" }),
    roles: ["stable"],
  },
  {
    name: "the newest set of a canary",
    rollout: webCanary({}, { stableRS: "h0", currentPodHash: "h1" }),
    roles: ["canary"],
  },
  {
    name: "the newest set before any is stable",
    rollout: webCanary({}, { currentPodHash: "h1" }),
    roles: ["canary"],
  },
  {
    name: "a past set",
    rollout: webCanary({}, { stableRS: "h0", currentPodHash: "h2" }),
    roles: [],
  },
  {
    name: "a set without a hash while nothing is stable",
    rollout: webCanary({}, { stableRS: "", currentPodHash: "" }),
    hash: "",
    roles: [],
  },
  {
    name: "stable on the ping Service",
    rollout: webCanary(PING_PONG, { stableRS: "h1", canary: { stablePingPong: "ping" } }),
    roles: ["stable", "ping"],
  },
  {
    name: "a canary on the pong Service",
    rollout: webCanary(PING_PONG, { currentPodHash: "h1", canary: { stablePingPong: "ping" } }),
    roles: ["canary", "pong"],
  },
  {
    name: "a canary on the ping Service",
    rollout: webCanary(PING_PONG, { currentPodHash: "h1", canary: { stablePingPong: "pong" } }),
    roles: ["canary", "ping"],
  },
  {
    name: "stable before ping and pong were ever swapped",
    rollout: webCanary(PING_PONG, { stableRS: "h1" }),
    roles: ["stable", "pong"],
  },
  {
    name: "stable and active in one",
    rollout: blueGreen({
      stableRS: "h1",
      blueGreen: { activeSelector: "h1", previewSelector: "h1" },
    }),
    roles: ["stable", "active"],
  },
  {
    name: "active but not yet stable",
    rollout: blueGreen({ stableRS: "h0", blueGreen: { activeSelector: "h1" } }),
    roles: ["active"],
  },
  {
    name: "stable while another is active",
    rollout: blueGreen({ stableRS: "h1", blueGreen: { activeSelector: "h2" } }),
    roles: ["stable"],
  },
  {
    name: "the preview",
    rollout: blueGreen({
      stableRS: "h0",
      currentPodHash: "h1",
      blueGreen: { activeSelector: "h0", previewSelector: "h1" },
    }),
    roles: ["preview"],
  },
  {
    name: "a blue-green set that is merely the newest",
    rollout: blueGreen({ stableRS: "h0", currentPodHash: "h1", blueGreen: {} }),
    roles: [],
  },
];

for (const { name, rollout, hash = "h1", roles } of ROWS) {
  Deno.test(`rolesOf(): ${name} is [${roles}]`, () => {
    assert.deepEqual(rolesOf(rollout, webReplicaSet({ hash })), roles);
  });
}

const DELAYS: { name: string; deadline?: string; delay?: string }[] = [
  { name: "no deadline" },
  { name: "a deadline to come", deadline: secondsAgo(-25), delay: "delay:25s" },
  { name: "a distant deadline", deadline: secondsAgo(-601), delay: "delay:10m" },
  { name: "a deadline just now", deadline: secondsAgo(0), delay: "delay:0s" },
  { name: "a deadline gone by", deadline: secondsAgo(1), delay: "delay:passed" },
  { name: "something else than a time", deadline: "soon" },
];

for (const { name, deadline, delay } of DELAYS) {
  Deno.test(`delayOf(): ${name} reads ${delay ?? "nothing"}`, () => {
    const set = webReplicaSet({ hash: "h1", ...(deadline === undefined ? {} : { deadline }) });
    assert.equal(delayOf(set, NOW_MS), delay);
  });
}
