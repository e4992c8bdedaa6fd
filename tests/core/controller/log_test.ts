import assert from "node:assert/strict";
import { openLog } from "../../../core/controller/mod.ts";

async function linesOf(format: "text" | "json", level: "info" | "warning"): Promise<string[]> {
  const lines: string[] = [];
  const log = await openLog({ format, level, write: (line) => lines.push(line) });
  log.debug("not said");
  log.info("step is done", { rollout: "default/web", writes: 2, why: undefined });
  log.warn("try again", { cause: 'a "quoted" reason' });
  return lines;
}

Deno.test("the log as text: time, level, message and fields in one line", async () => {
  const [info = "", warning = "", ...more] = await linesOf("text", "info");
  assert.match(
    info,
    /^\d{4}-\d\d-\d\dT[\d:.]+Z INFO +step is done rollout=default\/web writes=2\n$/,
  );
  assert.match(warning, / WARNING try again cause="a \\"quoted\\" reason"\n$/);
  assert.deepEqual(more, []);
});

Deno.test("the log as JSON: one object a line, with the fields beside time, level and msg", async () => {
  const [info = "", warning = "", ...more] = await linesOf("json", "info");
  const { time, ...rest } = JSON.parse(info);
  assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const said = { level: "info", msg: "step is done", rollout: "default/web", writes: 2 };
  assert.deepEqual(rest, said);
  assert.equal(JSON.parse(warning).level, "warning");
  assert.deepEqual(more, []);
});

Deno.test("the log says nothing below its level", async () => {
  assert.equal((await linesOf("text", "warning")).length, 1);
});
