import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { callOf, type Verb } from "../../../../core/cluster/kube/call.ts";
import { Exchange } from "../../../../core/cluster/kube/exchange.ts";
import { ManualClock } from "./manual_clock.ts";

/** Pieces of an answer that arrive 8 s apart. */
async function* slowly(clock: ManualClock, pieces: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    clock.advance(8_000);
    await Promise.resolve();
    yield new TextEncoder().encode(piece);
  }
}

/** Runs a call whose answer comes slowly; gives its text and for how long the server was silent. */
async function run(verb: Verb): Promise<{ text: string; silences: number[] }> {
  const clock = new ManualClock();
  const silences: number[] = [];
  const call = callOf(verb, { type: PODS, namespace: "demo", name: "web" }, { query: {} });
  const exchange = new Exchange({
    call,
    server: "https://server.test",
    clock,
    limits: { requestTimeoutMs: 10_000, watchSilenceMs: 90_000 },
    onSilence: (_, silentMs) => silences.push(silentMs),
  });
  const reply = await exchange.run({
    send: () =>
      Promise.resolve({
        status: 200,
        retryAfter: undefined,
        headers: () => ({}),
        chunks: () => slowly(clock, ["a", "b", "c"]),
        async text() {
          let text = "";
          for await (const piece of slowly(clock, ["a", "b", "c"])) {
            text += new TextDecoder().decode(piece);
          }
          return text;
        },
      }),
    close() {},
  }, {});
  assert.equal(clock.timers, 0);
  return { text: reply.text, silences };
}

Deno.test("a long list on a slow way is not given up while it goes on", async () => {
  assert.deepEqual(await run("list"), { text: "abc", silences: [] });
});

Deno.test("one object has to be there within the time limit", async () => {
  assert.deepEqual(await run("get"), { text: "abc", silences: [10_000] });
});
