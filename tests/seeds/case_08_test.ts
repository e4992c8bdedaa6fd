import assert from "node:assert/strict";
import { embeddedCase } from "./embedded_case.ts";
import { playCase08 } from "./case_08.ts";
import { unsureTraffic, writesInAbortDelay } from "./measured_traffic.ts";
import { testCase } from "./test_case.ts";

Deno.test("case 08: once the update was taken back, nothing is written until its pods go", async () => {
  const world = embeddedCase(unsureTraffic());
  await playCase08(world);
  assert.deepEqual(writesInAbortDelay(world), []);
});

testCase("case 08", { play: playCase08, writesMax: 45, metricProviders: unsureTraffic });
