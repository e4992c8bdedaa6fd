import { playCase09 } from "./case_09.ts";
import { unsureTraffic } from "./measured_traffic.ts";
import { testCase } from "./test_case.ts";

testCase("case 09", {
  play: playCase09,
  writesMax: 94,
  metricProviders: () => unsureTraffic(10),
});
