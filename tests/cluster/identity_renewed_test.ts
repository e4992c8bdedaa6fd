/**
 * The API server does not accept the controller's token any more, in the middle of a routed update,
 * and it gets another one: in its kubeconfig, or in the file that this names. It goes on with it.
 */
import assert from "node:assert/strict";
import { promote } from "../../core/command/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { writeKubeconfig } from "./controller_program.ts";
import { until } from "./real_cluster.ts";
import { RoutedStage } from "./routed_stage.ts";
import { NAME, RoutedStory } from "./routed_story.ts";
import { Witness } from "./witness.ts";

/** Nothing that it does is urgent to somebody who tries it every ten seconds. */
const SOON_MS = 20_000;
const REFUSED = /^not ready\nwaiting for API server since \S+: it does not accept who we are/;

async function play(stage: RoutedStage, { isInFile }: { isInFile: boolean }): Promise<void> {
  const { user, account, plane } = stage;
  const namespace = await makeNamespace(user);
  const [port = 0] = chooseFreePorts(1);
  const tokenFile = `${plane.directory}/${namespace}.token`;
  /** Gives the controller the token that is good now. */
  const hand = async () => {
    const token = await account.token();
    if (isInFile) await Deno.writeTextFile(tokenFile, token);
    else await writeKubeconfig(plane, { namespace, token });
    return token;
  };
  const token = await hand();
  await using story = new RoutedStory(user, namespace);
  const flags = [`--healthzPort=${port}`, "--bind-address=127.0.0.1"];
  const program = await stage.start(namespace, {
    ...(isInFile ? { tokenFile } : { token }),
    flags,
  });
  try {
    await story.begin();
    const witness = new Witness({ user, namespace, fleet: story.fleet });
    await story.update();
    await story.when("it is paused", ({ isPaused }) => isPaused);
    await account.replace();
    await until("the old token to be refused", () => isRefused(stage, token));
    await promote(user, { namespace, name: NAME }, {});
    const readyz = async () => await (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
    await until("/readyz to say so", async () => REFUSED.test(await readyz()));
    assert.equal(story.sight.weight, 25);
    await hand();
    await story.when("it goes on", ({ step }) => step >= 3, SOON_MS);
    assert.match(await readyz(), /^ready/);
    await story.untilUpdated();
    await witness.judge("with another token");
    assert.deepEqual(story.weights, [0, 25, 50, 100, 0]);
    assert.deepEqual(story.steps, [0, 1, 2, 3, 4]);
  } finally {
    assert.equal(await program.stop(), 0);
  }
}

/** The server remembers for some seconds whom it has accepted. */
async function isRefused({ plane }: RoutedStage, token: string): Promise<boolean> {
  const http = Deno.createHttpClient({ caCerts: [plane.caPem] });
  try {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${plane.url}/api`, { client: http, headers });
    await response.body?.cancel();
    return response.status === 401;
  } finally {
    http.close();
  }
}

Deno.test("a controller whose token is not accepted any more goes on with the next one", async (test) => {
  await using stage = await RoutedStage.begin("renewed");
  await test.step("in its kubeconfig", () => play(stage, { isInFile: false }));
  await test.step("in a file", () => play(stage, { isInFile: true }));
});
