import { playCase03 } from "./case_03.ts";
import { testCase } from "./test_case.ts";

testCase("case 03", { play: playCase03, writesMax: 46 });
