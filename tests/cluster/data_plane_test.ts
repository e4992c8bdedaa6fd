/**
 * What users get: requests through a real proxy that goes by the objects which the controller
 * writes. The cluster is the embedded one, whose time is made; Envoy and its servers are real.
 */
import assert from "node:assert/strict";
import { abort, promote, setImage } from "../../core/command/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { routedTypes } from "../../core/simulate/routed_kinds.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { routedShop, RoutedWorld } from "../core/simulate/routed_world.ts";
import { Envoy, type Weights } from "./envoy/envoy.ts";

const REQUESTS = 10_000;
const AT_ONCE = 32;
/** Of all requests, in percent. */
const DEVIATION_MAX = 2;
const STABLE = "shop-stable";
const CANARY = "shop-canary";
const STEPS = "[{setWeight: 5}, {pause: {}}, {setWeight: 20}, {pause: {}}, {setWeight: 50}, " +
  "{pause: {}}, {setWeight: 100}, {pause: {}}]";

/** A kind of route, and how a proxy reads it. */
interface Route {
  readonly kind: string;
  readonly routing: string;
  readonly file: string;
  readonly weightsOf: (spec: Fields) => Weights;
}

const ROUTES: readonly Route[] = [
  {
    kind: "VirtualService",
    routing: "{istio: {virtualService: {name: shop}}}",
    file: `
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
  - route:
    - {destination: {host: ${STABLE}}, weight: 100}
    - {destination: {host: ${CANARY}}, weight: 0}
`,
    weightsOf: ({ http }) =>
      Object.fromEntries(
        listOf(fieldsOf(listOf(http)[0])["route"]).map(fieldsOf).map((entry) => [
          textOf(fieldsOf(entry["destination"])["host"]),
          Number(entry["weight"]),
        ]),
      ),
  },
  {
    kind: "HTTPRoute",
    routing: "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: shop, namespace: default}}}",
    file: `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: gateway}]
  rules:
  - backendRefs:
    - {name: ${STABLE}, port: 80, weight: 100}
    - {name: ${CANARY}, port: 80, weight: 0}
`,
    weightsOf: ({ rules }) =>
      Object.fromEntries(
        listOf(fieldsOf(listOf(rules)[0])["backendRefs"]).map(fieldsOf)
          .map((backend) => [textOf(backend["name"]), Number(backend["weight"])]),
      ),
  },
];

/** The weights of the object, as they are in the cluster now. */
function weightsIn(world: RoutedWorld, { kind, weightsOf }: Route): Weights {
  const type = routedTypes(plugins).find((one) => one.kind === kind);
  const [object] = type === undefined ? [] : world.objects(type);
  return weightsOf(fieldsOf(object?.["spec"]));
}

/** Sends requests; `during` happens when a fifth of them is answered. The canary's share. */
async function shareOfCanary(envoy: Envoy, during?: () => Promise<void>): Promise<number> {
  let sent = 0;
  let answered = 0;
  let toCanary = 0;
  let event: Promise<void> | undefined;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (sent < REQUESTS) {
      sent++;
      if (await envoy.ask() === CANARY) toCanary++;
      answered++;
      if (answered >= REQUESTS / 5) event ??= during?.();
    }
  }));
  await event;
  assert.equal(answered, REQUESTS, "no request is lost");
  return 100 * toCanary / answered;
}

for (const route of ROUTES) {
  Deno.test(`requests are split as the ${route.kind} says, and none is lost`, async (test) => {
    const envoy = await Envoy.start([STABLE, CANARY]);
    try {
      const world = new RoutedWorld();
      await world.start(routedShop(route.routing, { steps: STEPS }) + route.file);
      const follow = () => envoy.route(weightsIn(world, route));
      for (const weight of [0, 5, 20, 50, 100]) {
        await test.step(`${weight} of 100`, async () => {
          if (weight === 5) {
            const image = "registry.example/shop:2";
            await setImage(world.user, world.shop, { container: "main", image });
          } else if (weight > 0) await promote(world.user, world.shop);
          await world.pass(30);
          assert.equal(world.weight, weight);
          await follow();
          const share = await shareOfCanary(envoy);
          assert.ok(Math.abs(share - weight) <= DEVIATION_MAX, `${share} %`);
          if (weight === 0 || weight === 100) assert.equal(share, weight);
        });
      }
      await test.step("an abort among the requests", async () => {
        const share = await shareOfCanary(envoy, async () => {
          await abort(world.user, world.shop);
          await world.pass(0);
          await follow();
        });
        assert.ok(share > 0 && share < 100, `${share} %`);
        assert.equal(await shareOfCanary(envoy), 0);
      });
    } finally {
      await envoy.stop();
    }
  });
}
