import { playCase07 } from "./case_07.ts";
import { testCase } from "./test_case.ts";

testCase("case 07", { play: playCase07, writesMax: 25 });
