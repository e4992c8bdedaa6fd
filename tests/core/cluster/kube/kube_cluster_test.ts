import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../../core/api/names/resources.ts";
import { ApiError, type DeleteOptions, UnreachableError } from "../../../../core/ports/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { type Answer, FakeServer, json, refusal, type Seen, TestCluster } from "./fake_server.ts";
import { RecordingSink } from "./recording_sink.ts";

const rollout: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "demo" },
  spec: { unknownField: [1] },
};

/** Does something on a cluster whose server answers so; gives the one request that it made. */
async function requestOf(
  act: (cluster: TestCluster) => Promise<unknown>,
  answer: Answer = () => json(rollout),
): Promise<Seen> {
  await using server = new FakeServer(answer);
  await using cluster = new TestCluster(server.url, { userAgent: "sluice/1.2.3" });
  await act(cluster);
  assert.equal(server.seen.length, 1);
  return server.seen[0]!;
}

async function errorOf(
  act: (cluster: TestCluster) => Promise<unknown>,
  answer: Answer,
): Promise<Error> {
  await using server = new FakeServer(answer);
  await using cluster = new TestCluster(server.url);
  const error = await act(cluster).then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof Error);
  return error;
}

const web = { namespace: "demo", name: "web" };

Deno.test("get() asks for one object, with credentials and a user agent", async () => {
  const seen = await requestOf((cluster) => cluster.get(ROLLOUTS, web));
  assert.equal(seen.method, "GET");
  assert.equal(seen.path, "/apis/argoproj.io/v1alpha1/namespaces/demo/rollouts/web");
  assert.equal(seen.headers.get("authorization"), "Bearer secret");
  assert.equal(seen.headers.get("user-agent"), "sluice/1.2.3");
  assert.equal(seen.headers.get("accept"), "application/json");
});

Deno.test("get() addresses core kinds, cluster-scoped kinds and odd names", async () => {
  const paths: string[] = [];
  await using server = new FakeServer(({ path }) => {
    paths.push(path);
    return json(rollout);
  });
  await using cluster = new TestCluster(`${server.url}/clusters/one/`);
  await cluster.get(PODS, web);
  await cluster.get(NAMESPACES, { name: "demo" });
  await cluster.get(PODS, { namespace: "demo", name: "a/b?c" });
  assert.deepEqual(paths, [
    "/clusters/one/api/v1/namespaces/demo/pods/web",
    "/clusters/one/api/v1/namespaces/demo",
    "/clusters/one/api/v1/namespaces/demo/pods/a%2Fb%3Fc",
  ]);
});

Deno.test("an object without name or namespace is refused before anything is sent", async () => {
  await using server = new FakeServer(() => json(rollout));
  await using cluster = new TestCluster(server.url);
  await assert.rejects(cluster.delete(PODS, { namespace: "demo", name: "" }), {
    message: 'Cannot delete pods "demo": its name is empty',
  });
  await assert.rejects(cluster.get(PODS, { name: "web" }), {
    message: 'Cannot get pods "web": no namespace is given',
  });
  const homeless = { ...rollout, metadata: { name: "web" } };
  await assert.rejects(cluster.create(ROLLOUTS, homeless), {
    message: 'Cannot create Rollout "web": no namespace is given',
  });
  assert.equal(server.seen.length, 0);
});

Deno.test("create() posts the object as it is, under our field manager", async () => {
  const seen = await requestOf((cluster) => cluster.create(ROLLOUTS, rollout));
  assert.equal(seen.method, "POST");
  assert.equal(seen.path, "/apis/argoproj.io/v1alpha1/namespaces/demo/rollouts");
  assert.deepEqual(seen.query, { fieldManager: "sluice" });
  assert.equal(seen.headers.get("content-type"), "application/json");
  assert.deepEqual(JSON.parse(seen.body), rollout);
});

Deno.test("update() puts to the object or its subresource, and a dry run says so", async () => {
  const seen = await requestOf((cluster) =>
    cluster.update(ROLLOUTS, rollout, { subresource: "status", dryRun: true })
  );
  assert.equal(seen.method, "PUT");
  assert.equal(seen.path, "/apis/argoproj.io/v1alpha1/namespaces/demo/rollouts/web/status");
  assert.deepEqual(seen.query, { fieldManager: "sluice", dryRun: "All" });
});

for (
  const [type, contentType] of [
    ["merge", "application/merge-patch+json"],
    ["json", "application/json-patch+json"],
    ["strategic", "application/strategic-merge-patch+json"],
  ] as const
) {
  Deno.test(`patch() of type ${type} is sent as ${contentType}`, async () => {
    const body = type === "json" ? [{ op: "remove", path: "/spec" }] : { spec: null };
    const seen = await requestOf((cluster) =>
      cluster.patch(REPLICA_SETS, web, { type, body }, { subresource: "scale" })
    );
    assert.equal(seen.method, "PATCH");
    assert.equal(seen.path, "/apis/apps/v1/namespaces/demo/replicasets/web/scale");
    assert.equal(seen.headers.get("content-type"), contentType);
    assert.deepEqual(JSON.parse(seen.body), body);
  });
}

Deno.test("delete() sends its options", async () => {
  const options: DeleteOptions = {
    propagationPolicy: "Foreground",
    preconditions: { uid: "u", resourceVersion: "7" },
    dryRun: true,
  };
  const seen = await requestOf((cluster) => cluster.delete(PODS, web, options));
  assert.equal(seen.method, "DELETE");
  assert.deepEqual(JSON.parse(seen.body), {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Foreground",
    preconditions: { uid: "u", resourceVersion: "7" },
    dryRun: ["All"],
  });
});

const deletionTimestamp = "2026-01-01T00:00:00Z";
const deletions: { name: string; metadata: object; kind?: string; livesOn: boolean }[] = [
  { name: "a Status", kind: "Status", metadata: {}, livesOn: false },
  { name: "the object as it was", metadata: { name: "web" }, livesOn: false },
  {
    name: "an object with neither finalizer nor grace",
    metadata: { name: "web", deletionTimestamp, deletionGracePeriodSeconds: 0 },
    livesOn: false,
  },
  {
    name: "an object with a finalizer",
    metadata: { name: "web", deletionTimestamp, finalizers: ["a.test/b"] },
    livesOn: true,
  },
  {
    name: "an object in its grace period",
    metadata: { name: "web", deletionTimestamp, deletionGracePeriodSeconds: 30 },
    livesOn: true,
  },
];
for (const { name, metadata, kind = "Pod", livesOn } of deletions) {
  Deno.test(`delete() answered by ${name}: it ${livesOn ? "lives on" : "is gone"}`, async () => {
    await using server = new FakeServer(() => json({ apiVersion: "v1", kind, metadata }));
    await using cluster = new TestCluster(server.url);
    const rest = await cluster.delete(PODS, web);
    assert.deepEqual(rest?.metadata, livesOn ? metadata : undefined);
  });
}

Deno.test("list() puts pages together and names the kind of items that come without", async () => {
  const pages = [
    { metadata: { resourceVersion: "7", continue: "next" }, items: [{ metadata: { name: "a" } }] },
    { metadata: { resourceVersion: "8" }, items: [{ metadata: { name: "b" }, kind: "Own" }] },
  ];
  await using server = new FakeServer((_, count) => json(pages[count - 1]));
  await using cluster = new TestCluster(server.url);
  const list = await cluster.list(PODS, { labelSelector: "app in (a,b)", fieldSelector: "x=y" });
  assert.deepEqual(list, {
    resourceVersion: "7",
    items: [
      { metadata: { name: "a" }, apiVersion: "v1", kind: "Pod" },
      { metadata: { name: "b" }, apiVersion: "v1", kind: "Own" },
    ],
  });
  const selection = { labelSelector: "app in (a,b)", fieldSelector: "x=y", limit: "500" };
  assert.deepEqual(server.seen.map(({ path, query }) => [path, query]), [
    ["/api/v1/pods", selection],
    ["/api/v1/pods", { ...selection, continue: "next" }],
  ]);
});

Deno.test("listKept() holds of each page what is kept, and nothing of one that expired", async () => {
  await using server = new FakeServer(({ query }, count) => {
    const name = `${query["continue"] ?? "first"}-${count}`;
    const item = { metadata: { name } };
    if (count === 2) return refusal(410, "Expired");
    if (query["continue"] !== undefined) return json({ metadata: {}, items: [item] });
    return json({ metadata: { continue: "next" }, items: [item] });
  });
  await using cluster = new TestCluster(server.url);
  const kept = await cluster.listKept(PODS, {}, ({ kind, metadata }) => `${kind} ${metadata.name}`);
  assert.deepEqual(kept, ["Pod first-3", "Pod next-4"]);
});

Deno.test("list() of nothing is empty, be it null or absent", async () => {
  await using server = new FakeServer((_, count) =>
    json({ metadata: { resourceVersion: "9" }, ...(count === 1 && { items: null }) })
  );
  await using cluster = new TestCluster(server.url);
  assert.deepEqual((await cluster.list(PODS, { namespace: "demo" })).items, []);
  assert.deepEqual((await cluster.list(PODS, { namespace: "demo" })).items, []);
});

Deno.test("list() starts again when a page has expired, and gives up in the end", async () => {
  const first = { metadata: { resourceVersion: "7", continue: "next" }, items: [{ metadata: {} }] };
  await using server = new FakeServer(({ query }, count) => {
    if (query["continue"] === undefined) return json(first);
    return count === 2 ? refusal(410, "Expired") : json({ metadata: {}, items: [] });
  });
  await using cluster = new TestCluster(server.url);
  assert.equal((await cluster.list(PODS)).items.length, 1);
  assert.equal(server.seen.length, 4);
  const error = await errorOf(
    (other) => other.list(PODS),
    ({ query }) => query["continue"] === undefined ? json(first) : refusal(410, "Expired"),
  );
  assert.ok(error instanceof ApiError);
  assert.equal(error.code, 410);
});

Deno.test("list() passes any other refusal on at once", async () => {
  await using server = new FakeServer(() => refusal(403, "Forbidden"));
  await using cluster = new TestCluster(server.url);
  await assert.rejects(cluster.list(PODS), { name: "ApiError", code: 403 });
  assert.equal(server.seen.length, 1);
});

Deno.test("watch() asks for bookmarks and a random end between 290 and 580 seconds", async () => {
  await using server = new FakeServer(() => new Response(""));
  await using cluster = new TestCluster(server.url);
  const sink = new RecordingSink();
  cluster.watch(PODS, { namespace: "demo", resourceVersion: "5", labelSelector: "a=b" }, sink);
  assert.equal(await sink.ended, undefined);
  assert.equal(server.seen[0]?.path, "/api/v1/namespaces/demo/pods");
  assert.deepEqual(server.seen[0]?.query, {
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: "5",
    timeoutSeconds: "435",
    labelSelector: "a=b",
  });
});

Deno.test("an error answer carries what the Status says", async () => {
  const body = {
    kind: "Status",
    code: 409,
    reason: "Conflict",
    message: 'rollouts.argoproj.io "web" was modified',
    details: { retryAfterSeconds: 3 },
  };
  const error = await errorOf((cluster) => cluster.get(ROLLOUTS, web), () => json(body, 409));
  assert.ok(error instanceof ApiError);
  const { code, reason, message, retryAfterSeconds } = error;
  assert.deepEqual({ code, reason, message, retryAfterSeconds }, {
    code: 409,
    reason: "Conflict",
    message: 'rollouts.argoproj.io "web" was modified',
    retryAfterSeconds: 3,
  });
});

Deno.test("an error answer without a Status is told by its code", async () => {
  const plain = (text: string, status: number): Answer => () => new Response(text, { status });
  const rows: [Answer, string, string][] = [
    [
      plain("404 page not found\n", 404),
      "NotFound",
      'Cannot get pods "demo/web": the server answered 404 "404 page not found"',
    ],
    [
      plain("<html>bad gateway</html>", 502),
      "Unknown",
      'Cannot get pods "demo/web": the server answered 502',
    ],
  ];
  for (const [answer, reason, message] of rows) {
    const error = await errorOf((cluster) => cluster.get(PODS, web), answer);
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.reason, error.message], [reason, message]);
  }
  const create = (cluster: TestCluster) => cluster.create(ROLLOUTS, rollout);
  const exists = await errorOf(create, plain("", 409));
  assert.equal((exists as ApiError).reason, "AlreadyExists");
});

Deno.test("a success that is no JSON object counts as no answer", async () => {
  for (const text of ["<html>please log in</html>", "", "[1]", "null"]) {
    const error = await errorOf((cluster) => cluster.get(PODS, web), () => new Response(text));
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.message, 'Cannot get pods "demo/web": the answer is not a JSON object');
  }
});

Deno.test("requests() counts by verb and resource", async () => {
  await using server = new FakeServer(() => json({ ...rollout, items: [] }));
  await using cluster = new TestCluster(server.url);
  await cluster.list(CONFIG_MAPS);
  await cluster.get(ROLLOUTS, web);
  await cluster.get(ROLLOUTS, web);
  await cluster.patch(ROLLOUTS, web, { type: "merge", body: {} }, { subresource: "status" });
  assert.deepEqual([...cluster.requests()], [
    ["list configmaps", 1],
    ["get rollouts.argoproj.io", 2],
    ["patch rollouts.argoproj.io/status", 1],
  ]);
});
