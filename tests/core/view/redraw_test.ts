import assert from "node:assert/strict";
import { Redrawing } from "../../../core/view/mod.ts";
import { VirtualScreen } from "../cli/virtual_screen.ts";

function drawing() {
  const screen = new VirtualScreen({ rows: 5, columns: 20 });
  const pieces: string[] = [];
  const redrawing = new Redrawing((text) => {
    pieces.push(text);
    screen.write(text);
  });
  redrawing.begin();
  return { screen, pieces, redrawing };
}

const SIZE = "20x5";

Deno.test("lines that did not change are not sent again", () => {
  const { screen, pieces, redrawing } = drawing();
  redrawing.show(["one", "two", "three"], SIZE);
  pieces.length = 0;
  redrawing.show(["one", "zwei", "three"], SIZE);
  assert.deepEqual(pieces, ["\x1b[2;1Hzwei\x1b[K"]);
  assert.deepEqual(screen.lines.slice(0, 3), ["one", "zwei", "three"]);
});

Deno.test("nothing is sent when nothing changed", () => {
  const { pieces, redrawing } = drawing();
  redrawing.show(["one"], SIZE);
  pieces.length = 0;
  redrawing.show(["one"], SIZE);
  assert.deepEqual(pieces, []);
});

Deno.test("of shorter lines and fewer lines nothing old stays", () => {
  const { screen, redrawing } = drawing();
  redrawing.show(["a long line", "two", "three"], SIZE);
  redrawing.show(["short", "two"], SIZE);
  assert.deepEqual(screen.lines, ["short", "two", "", "", ""]);
});

Deno.test("another size is another screen: everything is drawn anew", () => {
  const { screen, pieces, redrawing } = drawing();
  redrawing.show(["one", "two"], SIZE);
  pieces.length = 0;
  redrawing.show(["one"], "10x5");
  assert.deepEqual(pieces, ["\x1b[H\x1b[J\x1b[1;1Hone\x1b[K"]);
  assert.deepEqual(screen.lines, ["one", "", "", "", ""]);
});

Deno.test("what the user had on the screen comes back, with the cursor", () => {
  const screen = new VirtualScreen({ rows: 3, columns: 20 });
  screen.write("mine\n");
  const redrawing = new Redrawing((text) => screen.write(text));
  redrawing.begin();
  redrawing.show(["yours", "yours", "yours"], SIZE);
  assert.deepEqual(screen.lines, ["yours", "yours", "yours"]);
  assert.ok(!screen.isCursorShown);
  redrawing.end();
  assert.deepEqual(screen.lines, ["mine", "", ""]);
  assert.ok(screen.isCursorShown);
});
