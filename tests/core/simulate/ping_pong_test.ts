/** Ping and pong take turns over updates: weights, Services, and which of them is stable. */
import assert from "node:assert/strict";
import { parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf, service, shop } from "./shop.ts";

const ISTIO = "istio: {virtualService: {name: web}}";
const GATEWAY = "plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}";
const strategyOf = (routing: string, more = "") =>
  `canary: {${more}pingPong: {pingService: ping, pongService: pong}, ` +
  `trafficRouting: {${routing}}, steps: [{setWeight: 25}, {pause: {}}]}`;
const VIRTUAL_SERVICE = `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: ping}, weight: 100}, {destination: {host: pong}, weight: 0}]}]
`;
const HTTP_ROUTE = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gateway}]
  rules: [{backendRefs: [{name: ping, port: 80, weight: 100}, {name: pong, port: 80, weight: 0}]}]
`;

async function play(commands: readonly string[], untilMs: number, strategy = strategyOf(ISTIO)) {
  const isIstio = strategy.includes(ISTIO);
  const routed = isIstio ? VIRTUAL_SERVICE : HTTP_ROUTE;
  const outcome = await simulate({
    objects: objectsOf(
      shop(strategy, { replicas: 4 }) + service("ping") + service("pong") + routed,
    ),
    script: [],
    timed: commands.map(parseTimedCommand),
    files: new Map(),
    untilMs,
    seed: 1,
  }, { plugins });
  assert.deepEqual(outcome.result.violations, []);
  assert.deepEqual(outcome.users.services.map(({ longestEmpty }) => longestEmpty), [null, null]);
  /** `ping 75 on revision 1, pong 25 on revision 2` at a second. */
  const at = (seconds: number): string => {
    const entry = outcome.timeline.findLast(({ atSeconds }) => atSeconds <= seconds);
    assert.ok(entry !== undefined);
    const sets = [entry.stable, entry.canary, ...entry.others];
    return ["ping", "pong"].map((name) => {
      const weight = entry.routes?.[isIstio ? "VirtualService/web" : "HTTPRoute/web"]?.[name];
      const hash = entry.services[name]?.selector["rollouts-pod-template-hash"];
      const revision = sets.find((set) => set?.hash === hash)?.revision;
      return `${name} ${weight} on revision ${revision}`;
    }).join(", ");
  };
  const { canary } = outcome.rollouts[0]?.status ?? {};
  return { at, stable: canary?.["stablePingPong"] };
}

const UPDATES = [2, 3, 4].flatMap((revision) => {
  const minute = 3 * (revision - 2);
  return [
    `${minute + 1}m: set image shop main=registry.example/shop:${revision}`,
    `${minute + 2}m: promote shop`,
  ];
});

for (const [what, routing] of [["Istio", ISTIO], ["the Gateway API", GATEWAY]] as const) {
  Deno.test(`with ${what} ping and pong take turns over three updates, and none moves while it has traffic`, async () => {
    const strategy = strategyOf(routing);
    const { at } = await play(UPDATES, 600_000, strategy);
    assert.deepEqual(
      [50, 110, 125, 179, 290, 305, 470, 485].map((each) => `${each}: ${at(each)}`),
      [
        "50: ping 100 on revision 1, pong 0 on revision 1",
        "110: ping 75 on revision 1, pong 25 on revision 2",
        // Pods of revision 1 may have requests on their way until their delay has passed.
        "125: ping 0 on revision 1, pong 100 on revision 2",
        "179: ping 0 on revision 2, pong 100 on revision 2",
        "290: ping 25 on revision 3, pong 75 on revision 2",
        "305: ping 100 on revision 3, pong 0 on revision 2",
        "470: ping 75 on revision 3, pong 25 on revision 4",
        "485: ping 0 on revision 3, pong 100 on revision 4",
      ],
    );
    const turns: unknown[] = [];
    for (let done = 0; done <= UPDATES.length; done++) {
      turns.push((await play(UPDATES.slice(0, done), 600_000, strategy)).stable);
    }
    assert.deepEqual(turns, ["ping", "ping", "pong", "pong", "ping", "ping", "pong"]);
  });
}

Deno.test("without a delay the one that is done leaves its pods before they go", async () => {
  const strategy = strategyOf(ISTIO, "scaleDownDelaySeconds: 0, ");
  const { at } = await play(UPDATES.slice(0, 2), 150_000, strategy);
  assert.equal(at(150), "ping 0 on revision 2, pong 100 on revision 2");
});

Deno.test("an update that begins within the delay of the last one takes the one that is done", async () => {
  const { at } = await play([
    ...UPDATES.slice(0, 2),
    "125s: set image shop main=registry.example/shop:3",
  ], 300_000);
  assert.equal(at(300), "ping 25 on revision 3, pong 75 on revision 2");
});
