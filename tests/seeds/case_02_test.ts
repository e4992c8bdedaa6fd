import { playCase02 } from "./case_02.ts";
import { testCase } from "./test_case.ts";

testCase("case 02", { play: playCase02, writesMax: 38 });
