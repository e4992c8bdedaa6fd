import assert from "node:assert/strict";
import fc from "fast-check";
import { parseGoDuration, pauseSeconds } from "../../../../core/api/values/durations.ts";

Deno.test("a Go duration is read in milliseconds", () => {
  const rows: [string, number | undefined][] = [
    ["0", 0],
    ["-0", 0],
    ["5s", 5_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["1h1m1s1ms", 3_661_001],
    ["30s1h", 3_630_000],
    ["100ms", 100],
    ["-1.5s", -1_500],
    ["+5s", 5_000],
    [".5s", 500],
    ["5.s", 5_000],
    ["10us", 0.01],
    ["10\u00b5s", 0.01],
    ["10\u03bcs", 0.01],
    ["1ns", 0.000001],
    ["1.9ns", 0.000001],
    ["0.1000000000000000000001h", 360_000],
    ["2562047h47m16.854775807s", 9223372036854.775807],
    ["-2562047h47m16.854775808s", -9223372036854.775808],
    ["2562047h47m16.854775808s", undefined],
    ["9223372036854775808ns", undefined],
    ["99999999999999999999999999999999h", undefined],
    ["", undefined],
    ["+", undefined],
    ["5", undefined],
    ["1d", undefined],
    [".s", undefined],
    ["s", undefined],
    ["1h 30m", undefined],
    [" 5s", undefined],
    ["5s ", undefined],
    ["5S", undefined],
    ["--5s", undefined],
    ["1e3s", undefined],
    ["1_000s", undefined],
  ];
  for (const [text, milliseconds] of rows) {
    assert.equal(parseGoDuration(text), milliseconds, JSON.stringify(text));
  }
});

Deno.test("a pause lasts a number of seconds, digits count seconds, other text is a duration", () => {
  const rows: [number | string | null | undefined, number | undefined][] = [
    [undefined, undefined],
    [null, undefined],
    [0, 0],
    [30, 30],
    [-5, -5],
    ["30", 30],
    ["+30", 30],
    ["-5", -5],
    ["007", 7],
    ["0", 0],
    ["1h30m", 5_400],
    ["1.5h", 5_400],
    ["100ms", 0],
    ["1999ms", 1],
    ["-1500ms", -1],
    ["2147483647", 2_147_483_647],
    ["2147483648", -1],
    ["2562047h", -2_147_483_648],
    ["", -1],
    ["forever", -1],
    ["10 s", -1],
    ["1.5", -1],
  ];
  for (const [duration, seconds] of rows) {
    assert.equal(pauseSeconds(duration), seconds, JSON.stringify(duration));
  }
});

Deno.test("no text at all makes a duration fail other than by being refused", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."0159.hmsnu+-") }), (text) => {
    const milliseconds = parseGoDuration(text);
    assert.ok(milliseconds === undefined || Number.isFinite(milliseconds));
  }));
});

Deno.test("a duration written in parts is the sum of its parts", () => {
  const parts = fc.record({
    hours: fc.nat(1000),
    minutes: fc.nat(1000),
    seconds: fc.nat(1000),
    milliseconds: fc.nat(1000),
  });
  fc.assert(fc.property(parts, ({ hours, minutes, seconds, milliseconds }) => {
    assert.equal(
      parseGoDuration(`${hours}h${minutes}m${seconds}s${milliseconds}ms`),
      hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds,
    );
  }));
});
