import assert from "node:assert/strict";
import { embeddedCase } from "./embedded_case.ts";
import { playCase05 } from "./case_05.ts";
import { unsureTraffic, writesInAbortDelay } from "./measured_traffic.ts";
import { testCase } from "./test_case.ts";

Deno.test("case 05: once the update was taken back, nothing is written until its pods go", async () => {
  const world = embeddedCase(unsureTraffic());
  await playCase05(world);
  assert.deepEqual(writesInAbortDelay(world), []);
});

testCase("case 05", { play: playCase05, writesMax: 48, metricProviders: unsureTraffic });
