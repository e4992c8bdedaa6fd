import { playCase04 } from "./case_04.ts";
import { testCase } from "./test_case.ts";

testCase("case 04", { play: playCase04, writesMax: 26 });
