import { playCase10 } from "./case_10.ts";
import { testCase } from "./test_case.ts";

testCase("case 10", { play: playCase10, writesMax: 50 });
