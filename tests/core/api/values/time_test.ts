import assert from "node:assert/strict";
import { timestamp, timestampRoundedUp } from "../../../../core/api/values/time.ts";

const DAY_MS = 86_400_000;

Deno.test("timestamp() says the second that a time falls in", () => {
  const cases: [number, string][] = [
    [0, "1970-01-01T00:00:00Z"],
    [999, "1970-01-01T00:00:00Z"],
    [1000.5, "1970-01-01T00:00:01Z"],
    [951_782_399_999, "2000-02-28T23:59:59Z"],
    [951_782_400_000, "2000-02-29T00:00:00Z"],
    [951_868_800_000, "2000-03-01T00:00:00Z"],
    [4_107_542_399_000, "2100-02-28T23:59:59Z"],
    [4_107_542_400_000, "2100-03-01T00:00:00Z"],
    [253_402_300_799_999, "9999-12-31T23:59:59Z"],
    [-1000, "1969-12-31T23:59:59Z"],
  ];
  for (const [ms, text] of cases) assert.equal(timestamp(ms), text);
  assert.equal(timestampRoundedUp(1001), "1970-01-01T00:00:02Z");
});

Deno.test("timestamp() knows each day of 400 years, and each second of a day", () => {
  for (let day = 0; day < 146_097; day++) {
    const ms = day * DAY_MS + (day % 86_400) * 1000;
    assert.equal(timestamp(ms), `${new Date(ms).toISOString().slice(0, 19)}Z`);
  }
});
