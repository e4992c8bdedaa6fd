/** `time` in templates: `(call .time.Now)`, `(call .time.Parse "2030-01-01T00:00:00Z")`. */
import { parseTime } from "../analysis/condition/go_layout.ts";
import { GoTime } from "../analysis/condition/go_time.ts";
import { scalarText } from "../../sdk/wire/json.ts";
import { GoFunction } from "./template/mod.ts";

const RFC3339 = "2006-01-02T15:04:05Z07:00";
const NS_PER_MS = 1_000_000n;

export const TIME_FUNCTIONS: Readonly<Record<string, GoFunction>> = Object.freeze({
  Now: new GoFunction({
    name: "Now",
    signature: "",
    result: "time.Time",
    call: (_, { ports }) => new GoTime(BigInt(Math.trunc(ports.nowMs())) * NS_PER_MS),
  }),
  Parse: new GoFunction({
    name: "Parse",
    signature: "string",
    result: "time.Time",
    call: ([text]) => parseTime(scalarText(text), RFC3339),
  }),
});
