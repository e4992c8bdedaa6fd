import { playCase06 } from "./case_06.ts";
import { unsureTraffic } from "./measured_traffic.ts";
import { testCase } from "./test_case.ts";

testCase("case 06", {
  play: playCase06,
  writesMax: 91,
  metricProviders: () => unsureTraffic(10),
});
