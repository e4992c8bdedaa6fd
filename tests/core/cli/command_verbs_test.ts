import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { refusal } from "../cluster/kube/fake_server.ts";
import { at, type Held, heldRollout, VerbServer } from "./verb_server.ts";

const WEB = "/namespaces/shop/rollouts/web";

interface Case {
  readonly args: readonly string[];
  readonly requests: readonly string[];
  readonly out: string;
  readonly held?: Held;
}

/** The requests and the output of Argo Rollouts' own command line. */
const CASES: Case[] = [
  {
    args: ["promote", "web"],
    requests: [`GET ${WEB}`, `PATCH ${WEB}/status {"status":{"pauseConditions":null}}`],
    out: "rollout 'web' promoted\n",
  },
  {
    args: ["promote", "web", "--full"],
    requests: [`GET ${WEB}`, `PATCH ${WEB}/status {"status":{"promoteFull":true}}`],
    out: "rollout 'web' fully promoted\n",
  },
  {
    args: ["promote", "web"],
    held: heldRollout("web", { spec: { paused: true } }),
    requests: [
      `GET ${WEB}`,
      `PATCH ${WEB}/status {"status":{"pauseConditions":null}}`,
      `PATCH ${WEB} {"spec":{"paused":false}}`,
    ],
    out: "rollout 'web' promoted\n",
  },
  {
    args: ["abort", "web", "api"],
    held: { ...heldRollout("web"), ...heldRollout("api") },
    requests: [
      `PATCH ${WEB}/status {"status":{"abort":true}}`,
      'PATCH /namespaces/shop/rollouts/api/status {"status":{"abort":true}}',
    ],
    out: "rollout 'web' aborted\nrollout 'api' aborted\n",
  },
  {
    args: ["retry", "ro", "web"],
    requests: [`PATCH ${WEB}/status {"status":{"abort":false}}`],
    out: "rollout 'web' retried\n",
  },
  {
    args: ["pause", "web"],
    requests: [`PATCH ${WEB} {"spec":{"paused":true}}`],
    out: "rollout 'web' paused\n",
  },
  {
    args: ["restart", "web", "-i", "90s"],
    requests: [`PATCH ${WEB} {"spec":{"restartAt":"2030-01-01T00:01:30Z"}}`],
    out: "rollout 'web' restarts in 90s\n",
  },
  {
    args: ["terminate", "ar", "web-1"],
    held: { [at("analysisruns", "web-1")]: {} },
    requests: ['PATCH /namespaces/shop/analysisruns/web-1 {"spec":{"terminate":true}}'],
    out: "analysisRun 'web-1' terminated\n",
  },
  {
    args: ["retry", "experiments", "web-1"],
    held: { [at("experiments", "web-1")]: {} },
    requests: ['PATCH /namespaces/shop/experiments/web-1 {"status":null}'],
    out: "experiment 'web-1' retried\n",
  },
];

/** A clock that stands in 2030, and on which time limits are as long as ever. */
function clockOf2030() {
  const now = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  return { ...systemClock, now: () => now.now() };
}

for (const { args, requests, out, held = heldRollout("web") } of CASES) {
  Deno.test(`sluice ${args.join(" ")} sends ${requests.length} requests, as Argo Rollouts does: ${requests.at(-1)}`, async () => {
    await using server = new VerbServer(held);
    const ended = await server.run(args, { clock: clockOf2030() });
    assert.deepEqual(ended, { code: 0, out, err: "" });
    assert.deepEqual(server.requests, requests);
  });
}

Deno.test("Quirk(terminate-experiment-says-retried): what is terminated is said to be retried", async () => {
  await using server = new VerbServer({ [at("experiments", "web-1")]: {} });
  const { out } = await server.run(["terminate", "exp", "web-1"]);
  assert.equal(out, "experiment 'web-1' retried\n");
  assert.deepEqual(server.requests, [
    'PATCH /namespaces/shop/experiments/web-1 {"spec":{"terminate":true}}',
  ]);
});

Deno.test("set image reads the Rollout and puts it back with another image and all else as it was", async () => {
  await using server = new VerbServer(heldRollout("web", { spec: { future: { field: 1 } } }));
  const { code, out } = await server.run(["set", "image", "web", "*=web:2"]);
  assert.deepEqual([code, out], [0, 'rollout "web" image updated\n']);
  assert.deepEqual(server.seen.map(({ method }) => method), ["GET", "PUT"]);
  const { spec } = JSON.parse(server.seen[1]?.body ?? "");
  assert.equal(spec.template.spec.containers[0].image, "web:2");
  assert.deepEqual(spec.future, { field: 1 });
});

Deno.test("undo lists the sets of the Rollout by its selector, and patches the template alone", async () => {
  const set = (revision: number, image: string) => ({
    metadata: {
      name: `web-${revision}`,
      namespace: "shop",
      labels: { app: "web" },
      annotations: { "rollout.argoproj.io/revision": `${revision}` },
      ownerReferences: [{ uid: "uid-web", controller: true, kind: "Rollout", name: "web" }],
    },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image }] },
      },
    },
  });
  const sets = "/apis/apps/v1/namespaces/shop/replicasets";
  await using server = new VerbServer({
    ...heldRollout("web"),
    [`${sets}/web-1`]: set(1, "web:0"),
    [`${sets}/web-2`]: set(2, "web:1"),
  });
  const { code, out } = await server.run(["undo", "web"]);
  assert.deepEqual([code, out], [0, "rollout 'web' undo\n"]);
  assert.equal(server.seen[1]?.query["labelSelector"], "app=web");
  assert.equal(
    server.requests[2],
    `PATCH ${WEB} [{"op":"replace","path":"/spec/template",` +
      '"value":{"metadata":{"labels":{"app":"web"}},' +
      '"spec":{"containers":[{"name":"web","image":"web:0"}]}}}]',
  );
});

Deno.test("of several, each is told as it is done; the first that fails ends it", async () => {
  await using server = new VerbServer({ ...heldRollout("web"), ...heldRollout("late") });
  const { code, out, err } = await server.run(["pause", "web", "gone", "late"]);
  assert.deepEqual([code, out], [1, "rollout 'web' paused\n"]);
  assert.equal(err, 'Error: rollout "gone" not found in namespace "shop"\n');
  assert.ok(!server.requests.some((request) => request.includes("/late ")));
});

Deno.test("for programs, what was done is one document, also when something failed", async () => {
  await using server = new VerbServer(heldRollout("web"));
  const { code, out, err } = await server.run(["pause", "web", "gone", "-o", "json"]);
  assert.equal(code, 1);
  assert.match(err, /^Error: rollout "gone" not found/);
  assert.deepEqual(JSON.parse(out), {
    command: "pause",
    done: [{
      object: "rollout.argoproj.io/web",
      namespace: "shop",
      message: "rollout 'web' paused",
    }],
  });
  assert.equal((await server.run(["pause", "web", "-oname"])).out, "rollout.argoproj.io/web\n");
  assert.match((await server.run(["pause", "web", "-o=yaml"])).out, /^command: pause\ndone:\n/);
});

/** Who is meant by what stands on the command line. */
const CONNECTIONS: [args: string[], namespace: string, headers: Record<string, string>][] = [
  [["-n", "prod"], "prod", { Authorization: "Bearer secret" }],
  [["-n=prod"], "prod", {}],
  [["-nprod"], "prod", {}],
  [["--namespace=prod"], "prod", {}],
  [["--context", "other"], "default", {}],
  [["--token", "mine"], "shop", { Authorization: "Bearer mine" }],
  [["--as=jane", "--as-group=admins"], "shop", {
    "Impersonate-User": "jane",
    "Impersonate-Group": "admins",
    Authorization: "Bearer secret",
  }],
  [["--request-timeout=5", "-v", "6", "--loglevel=debug"], "shop", {}],
];
for (const [args, namespace, headers] of CONNECTIONS) {
  const placed = [["pause", ...args, "web"], ["pause", "web", ...args], [...args, "pause", "web"]];
  for (const words of [...placed, ["retry", ...args, "rollout", "web"]]) {
    Deno.test(`sluice ${words.join(" ")} is about namespace ${namespace}`, async () => {
      await using server = new VerbServer(heldRollout("web", { namespace }));
      const { code, err } = await server.run(words);
      assert.deepEqual([code, err], [0, ""]);
      const [seen] = server.seen;
      assert.match(
        seen?.path ?? "",
        new RegExp(`/namespaces/${namespace}/rollouts/web(/status)?$`),
      );
      for (const [name, value] of Object.entries(headers)) {
        assert.equal(seen?.headers.get(name), value);
      }
    });
  }
}

Deno.test("--server needs no kubeconfig", async () => {
  await using server = new VerbServer(heldRollout("web", { namespace: "prod" }));
  const { code } = await server.run(
    ["pause", "web", "--server", server.url, "--insecure-skip-tls-verify", "-nprod"],
    { environment: { KUBECONFIG: "/none" } },
  );
  assert.equal(code, 0);
});

/** A mistake, and what is said about it. */
interface Mistake {
  readonly name: string;
  readonly args?: readonly string[];
  readonly held?: Held;
  readonly environment?: Record<string, string>;
  readonly err: RegExp;
}

const MISTAKES: Mistake[] = [
  {
    name: "a server that is not there",
    args: ["pause", "web", "--server=https://127.0.0.1:65533"],
    err:
      /^Cannot reach the cluster at https:\/\/127.0.0.1:65533: it does not answer: .*refused; check the address, or choose another with --context$/,
  },
  {
    name: "a certificate of nobody",
    args: ["pause", "web", "--server=SERVER", "--token=a"],
    environment: { KUBECONFIG: "/none" },
    err: /^Cannot reach the cluster at https:.*certificate/,
  },
  {
    name: "an expired token",
    held: { [at("rollouts", "web")]: refusal(401, "Unauthorized") },
    err:
      /^The cluster at \S+ does not accept your credentials: log in again \(a token may have expired\), or choose another context with --context$/,
  },
  {
    name: "what one may not do",
    held: { [at("rollouts", "web")]: refusal(403, "Forbidden") },
    err: /^told: Forbidden$/,
  },
  {
    name: "a cluster without the kinds",
    held: {
      "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts": new Response("404 page not found\n", {
        status: 404,
      }),
    },
    err:
      /^The cluster at \S+ does not know the kinds of Argo Rollouts: install them \(sluice manifests --crds \| kubectl apply -f -\), or choose another cluster with --context$/,
  },
  {
    name: "a context that there is not",
    args: ["pause", "web", "--context=prod"],
    err: /^Cannot use kubeconfig "\S+": it has no context "prod", only "test", "other"$/,
  },
  {
    name: "no kubeconfig",
    environment: { KUBECONFIG: "", HOME: "/none" },
    err:
      /^Cannot find a cluster: there is no file "\/none\/.kube\/config"; use --kubeconfig or set KUBECONFIG$/,
  },
  {
    name: "a name with a slip in it",
    held: { ...heldRollout("wbe"), ...heldRollout("api") },
    err: /^rollout "web" not found in namespace "shop"; did you mean "wbe"\?$/,
  },
  {
    name: "another namespace",
    held: heldRollout("web", { namespace: "prod" }),
    err:
      /^rollout "web" not found in namespace "shop"; there is one in namespace "prod" \(-n prod\)$/,
  },
  {
    name: "a name that nothing is like",
    err: /^rollout "web" not found in namespace "shop"$/,
  },
  {
    name: "a slip in a flag",
    args: ["pause", "web", "--namspace=a"],
    err: /^unknown flag --namspace; did you mean --namespace\? \(see sluice pause --help\)$/,
  },
  {
    name: "no name",
    args: ["promote"],
    err:
      /^the usage is: sluice promote ROLLOUT \[--full \| --skip-current-step \| --skip-all-steps\] \(see sluice promote --help\)$/,
  },
  {
    name: "a time limit that is none",
    args: ["pause", "web", "--request-timeout=soon"],
    err: /^invalid value "soon" for --request-timeout; write for example 30s, or 0 \(see /,
  },
];

for (const { name, args = ["pause", "web"], held = {}, environment = {}, err } of MISTAKES) {
  Deno.test(`a mistake is one line and exit code 1: ${name}`, async () => {
    await using server = new VerbServer(held);
    const words = args.map((word) => word.replace("SERVER", server.url));
    const ended = await server.run(words, { environment });
    assert.deepEqual([ended.code, ended.out], [1, ""]);
    const [, line = ""] = /^Error: (.*)\n$/.exec(ended.err) ?? [];
    assert.match(line || ended.err, err);
  });
}
