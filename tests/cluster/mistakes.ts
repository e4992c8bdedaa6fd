/** What users get wrong on a real API server: one line on standard error, and exit code 1. */
import assert from "node:assert/strict";
import { ApiClient } from "./control_plane/api_client.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { commandLineOf } from "./command_line.ts";

/** A command line, and the one line that it comes to. */
type Mistake = readonly [words: string, says: RegExp];

/** On a cluster in which nothing is installed. */
export async function checkNoKinds(plane: ControlPlane): Promise<void> {
  const says = /^The cluster at \S+ does not know the kinds of Argo Rollouts: install them /;
  await tried(plane, "default", [["list rollouts", says], ["promote web", says]]);
}

/** In a namespace with the Rollout "web". */
export async function checkMistakes(plane: ControlPlane, namespace: string): Promise<void> {
  await using blackHole = new BlackHole();
  const [closed] = chooseFreePorts(1);
  const { forbidden, expired } = await tokens(plane);
  const loginAgain = /^The cluster at \S+ does not accept your credentials: log in again /;
  await tried(plane, namespace, [
    [
      `status web --server=https://127.0.0.1:${closed}`,
      /^Cannot reach the cluster at \S+: it does not answer: .*refused; check the address, /,
    ],
    [
      `get rollout web --server=http://127.0.0.1:${blackHole.port} --request-timeout=1s`,
      /^Cannot reach the cluster at \S+: it did not answer for 1 s; check the address, /,
    ],
    ["abort web --token=wrong", loginAgain],
    [`get rollout web --token=${expired}`, loginAgain],
    [
      `get rollout web --token=${forbidden}`,
      /^rollouts.argoproj.io "web" is forbidden: User "\S+:nobody" cannot get resource "rollouts"/,
    ],
    [
      `promote web --token=${forbidden}`,
      /^rollouts.argoproj.io "web" is forbidden: User "\S+:nobody" cannot get resource "rollouts"/,
    ],
    [
      "status web --context=production",
      /^Cannot use kubeconfig "\S+": it has no context "production", only "sluice-control-plane"$/,
    ],
    ["set image wbe web=web:2", /^rollout "wbe" not found in .*; did you mean "web"\?$/],
    ["get rollout web --wacth", /^unknown flag --wacth; did you mean --watch\? \(see sluice get /],
    [
      "notifications template get",
      /^no ConfigMap "argo-rollouts-notification-configmap" in namespace /,
    ],
  ]);
  await tried(plane, "elsewhere", [
    [
      "promote web",
      new RegExp(`"web" not found in namespace "elsewhere"; there is one in .*-n ${namespace}`),
    ],
  ]);
}

async function tried(plane: ControlPlane, namespace: string, mistakes: readonly Mistake[]) {
  const run = commandLineOf(plane, namespace, { isBundled: false });
  const wrong: string[] = [];
  for (const [words, says] of mistakes) {
    const { code, out, err } = await run(words.split(" "));
    const [, sentence = ""] = /^Error: (.*)\n$/.exec(err) ?? [];
    if (code !== 1 || out !== "" || !says.test(sentence)) {
      wrong.push(`${words.replace(/token=\S+/, "token=…")}: ${code} ${out}${err}`);
    }
  }
  assert.deepEqual(wrong, []);
}

/** Takes connections and never answers. */
class BlackHole implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections: Deno.Conn[] = [];
  readonly #taking = this.#take();

  get port(): number {
    return this.#listener.addr.port;
  }

  async #take(): Promise<void> {
    for await (const connection of this.#listener) this.#connections.push(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    await this.#taking;
  }
}

/** One of somebody who may do nothing, and one of somebody who is gone: not accepted any more. */
async function tokens(plane: ControlPlane): Promise<{ forbidden: string; expired: string }> {
  const client = new ApiClient(plane);
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  const tokenOf = async (name: string): Promise<string> => {
    await client.expect("POST", accounts, { metadata: { name } });
    const { status } = await client.expect("POST", `${accounts}/${name}/token`, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    });
    return status.token;
  };
  try {
    const forbidden = await tokenOf("nobody");
    const expired = await tokenOf("gone");
    await client.expect("DELETE", `${accounts}/gone`);
    return { forbidden, expired };
  } finally {
    client.close();
  }
}
