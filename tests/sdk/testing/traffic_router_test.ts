import assert from "node:assert/strict";
import {
  Broken,
  type RouterSubject,
  TRAFFIC_ROUTER_LAWS,
  trafficRouterLaws,
} from "../../../sdk/testing/traffic_router.ts";
import type { SeenTraffic } from "../../../sdk/traffic_router.ts";
import { splitSubject } from "../../../docs/examples/split-router/subject.ts";
import { BROKEN_ROUTERS } from "./broken_routers.ts";
import { twoSplitsSubject } from "./two_splits.ts";

for (const { name, check } of trafficRouterLaws(splitSubject)) Deno.test(name, check);
for (const { name, check } of trafficRouterLaws(twoSplitsSubject)) Deno.test(name, check);

/** One law for one router. */
function lawOf<Config, Seen extends SeenTraffic>(
  subject: RouterSubject<Config, Seen>,
  law: string,
) {
  return trafficRouterLaws(subject).find(({ name }) => name.endsWith(`: ${law}`));
}

for (const { wrong, law, make } of BROKEN_ROUTERS) {
  Deno.test(`a router that ${wrong} breaks the law "${law}"`, async () => {
    // Which of the two kinds of subject it is, is the same to the law.
    const found = lawOf(make() as typeof splitSubject, law);
    assert.ok(found, law);
    await assert.rejects(() => found.check(), Broken);
  });
}

Deno.test("each law catches a router that breaks it", () => {
  const caught = new Set(BROKEN_ROUTERS.map(({ law }) => law));
  assert.deepEqual(TRAFFIC_ROUTER_LAWS.filter((law) => !caught.has(law)), []);
});

Deno.test("a law is skipped by its name and with a reason, and in no other way", () => {
  const [law = ""] = TRAFFIC_ROUTER_LAWS;
  const skipped = trafficRouterLaws({ ...splitSubject, skips: { [law]: "it is a trial" } });
  assert.equal(skipped.length, TRAFFIC_ROUTER_LAWS.length - 1);
  assert.equal(skipped.some(({ name }) => name.endsWith(law)), false);
  const skipping = (skips: Record<string, string>) => () =>
    trafficRouterLaws({ ...splitSubject, skips });
  assert.throws(skipping({ "whatever it does": "it is a trial" }), /no such law/);
  assert.throws(skipping({ [law]: "" }), /say why/);
});
