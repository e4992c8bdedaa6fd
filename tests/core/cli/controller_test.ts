import assert from "node:assert/strict";
import { parse } from "yaml";
import { DEPLOYMENTS, LEASES, REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { VERSION } from "../../../core/cli/mod.ts";
import { EXPOSITION_TYPE } from "../../../core/controller/telemetry/mod.ts";
import { PlainServer } from "../controller/plain_server.ts";
import { parseStrictly } from "../controller/telemetry/strict_parser.ts";
import { EmbeddedServer } from "./embedded_server.ts";
import { type Machine, run } from "./fake_terminal.ts";
import { inFolder, MAIN, PERMISSIONS } from "./process.ts";
import { web } from "./web_manifest.ts";

/** A server with a Rollout in each of two namespaces. */
async function serverWithRollouts(): Promise<EmbeddedServer> {
  const server = new EmbeddedServer();
  for (const namespace of ["default", "kube-system"]) {
    await server.create(ROLLOUTS, parse(web({ namespace })) as KubeObject);
  }
  return server;
}

function phaseOf(server: EmbeddedServer, namespace: string): string | undefined {
  const [rollout] = server.cluster.objects(ROLLOUTS, { namespace }) as Rollout[];
  return rollout?.status?.phase;
}

/**
 * Beside a namespace: all but those of the Lease, which is where the controller itself is, and of
 * the look for other controllers.
 */
function requestsElsewhere(server: EmbeddedServer, namespace: string): string[] {
  return server.requests.filter((path) =>
    !path.includes(`/namespaces/${namespace}/`) && !path.includes("/leases") &&
    path !== "GET /apis/apps/v1/deployments"
  );
}

/** Runs the controller in this process until it is so, and stops it as Ctrl-C does. */
async function runUntil(args: readonly string[], machine: Machine, reached: Promise<void>) {
  const running = run(["controller", "--healthzPort=0", "--metricsPort=0", ...args], {
    ...machine,
    clock: systemClock,
    stopping: reached,
  });
  // Also an early end is an end: it must not wait for what will never be reached.
  return await Promise.race([running, reached.then(() => running)]);
}

Deno.test({
  name:
    "controller carries out the Rollouts of all namespaces of its kubeconfig, and leaves nothing open",
  sanitizeResources: true,
  fn: async () => {
    await using server = await serverWithRollouts();
    await inFolder({ config: server.kubeconfig }, async (folder) => {
      const areHealthy = () =>
        ["default", "kube-system"].every((namespace) => phaseOf(server, namespace) === "Healthy");
      const { code, out, err } = await runUntil(
        ["--kubeconfig", `${folder}/config`],
        {},
        server.until(areHealthy),
      );
      assert.deepEqual([code, out], [0, ""]);
      assert.match(err, /INFO +controller started server=https:\S+ namespace=all\n/);
      assert.match(err, /INFO +controller is stopping\n.*INFO +controller stopped\n$/s);
      assert.deepEqual([...server.authorizations], ["Bearer secret"]);
    });
  },
});

Deno.test("controller sends its passes as traces where the environment says", async () => {
  await using server = await serverWithRollouts();
  await using receiver = new PlainServer(() => Response.json({}));
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const { code } = await runUntil(
      ["--kubeconfig", `${folder}/config`],
      { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } },
      server.until(() => phaseOf(server, "default") === "Healthy"),
    );
    assert.equal(code, 0);
  });
  const text = receiver.asked.map(({ body }) => body).join();
  assert.match(text, /"pass rollout"/);
  assert.match(text, /"patch rollouts\.argoproj\.io\/status"/);
});

Deno.test("controller --namespace touches and reads nothing of other namespaces", async () => {
  await using server = await serverWithRollouts();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const { code } = await runUntil(
      ["--kubeconfig", `${folder}/config`, "-n", "default"],
      {},
      server.until(() => phaseOf(server, "default") === "Healthy"),
    );
    assert.equal(code, 0);
  });
  assert.equal(phaseOf(server, "kube-system"), undefined);
  assert.deepEqual(server.cluster.objects(REPLICA_SETS, { namespace: "kube-system" }), []);
  const elsewhere = requestsElsewhere(server, "default");
  // The controller's own namespace holds the configuration of plugins and notifications.
  assert.deepEqual([...new Set(elsewhere)], [
    "GET /api/v1/namespaces/argo-rollouts/configmaps/argo-rollouts-config",
    "GET /api/v1/namespaces/argo-rollouts/configmaps/argo-rollouts-notification-configmap",
    "GET /api/v1/namespaces/argo-rollouts/secrets/argo-rollouts-notification-secret",
  ]);
});

Deno.test("controller leads by Argo Rollouts' Lease, in its own namespace, and gives it back", async () => {
  await using server = await serverWithRollouts();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const lease = () => server.cluster.objects(LEASES)[0];
    const spec = () => lease()?.["spec"] as Record<string, unknown>;
    let led: Record<string, unknown> = {};
    const isHealthy = () => {
      if (spec()?.["holderIdentity"]) led = spec();
      return phaseOf(server, "default") === "Healthy";
    };
    const { code, err } = await runUntil(
      ["--kubeconfig", `${folder}/config`, "--leader-election-lease-duration=20s"],
      { environment: { HOSTNAME: "web-1", POD_NAMESPACE: "sluice" } },
      server.until(isHealthy),
    );
    assert.equal(code, 0, err);
    const { namespace, name } = lease()?.metadata ?? {};
    assert.deepEqual([namespace, name], ["sluice", "argo-rollouts-controller-lock"]);
    assert.match(String(led["holderIdentity"]), /^web-1_[0-9a-f]{8}-[0-9a-f-]{27}$/);
    assert.equal(led["leaseDurationSeconds"], 20);
    assert.deepEqual([spec()["holderIdentity"], spec()["leaseTransitions"]], ["", 0]);
    assert.match(
      err,
      /INFO +this controller leads now lease=sluice\/argo-rollouts-controller-lock/,
    );
    assert.match(err, /INFO +leadership is released /);
  });
});

Deno.test("controller does not start beside one of another namespace, but with --force", async () => {
  await using server = await serverWithRollouts();
  const labels = { app: "other" };
  await server.create(DEPLOYMENTS, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "release-argo-rollouts",
      namespace: "kube-system",
      labels: { "app.kubernetes.io/component": "rollouts-controller" },
    },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "argo-rollouts", image: "registry/argo-rollouts:1" }] },
      },
    },
  });
  await server.change(() => Promise.resolve());
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const refused = await run(
      ["controller", "--healthzPort=0", "--metricsPort=0", "--kubeconfig", `${folder}/config`],
      {
        clock: systemClock,
      },
    );
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /^Error: Cannot start: Deployment "kube-system\/release-argo-rollouts" runs a controller /m,
    );
    assert.match(refused.err, /; stop it, or use --force to start all the same\n$/);
    assert.equal(phaseOf(server, "default"), undefined);
    assert.deepEqual(server.cluster.objects(LEASES), []);

    const { code, err } = await runUntil(
      ["--kubeconfig", `${folder}/config`, "--force"],
      {},
      server.until(() => phaseOf(server, "default") === "Healthy"),
    );
    assert.equal(code, 0, err);
  });
});

Deno.test("controller --leader-elect=false asks for no Lease", async () => {
  await using server = await serverWithRollouts();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const { code } = await runUntil(
      ["--kubeconfig", `${folder}/config`, "--leader-elect=false"],
      {},
      server.until(() => phaseOf(server, "default") === "Healthy"),
    );
    assert.equal(code, 0);
  });
  assert.deepEqual(server.requests.filter((path) => path.includes("/leases/")), []);
});

Deno.test("controller takes KUBECONFIG, whose empty parts mean nothing", async () => {
  await using server = await serverWithRollouts();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const { code } = await runUntil(
      [],
      { environment: { KUBECONFIG: `:${folder}/none::${folder}/config:` } },
      server.until(() => phaseOf(server, "default") === "Healthy"),
    );
    assert.equal(code, 0);
    const wrong = await run(["controller", "--context", "other"], {
      environment: { KUBECONFIG: `:${folder}/config:` },
    });
    assert.equal(
      wrong.err,
      `Error: Cannot use kubeconfig "${folder}/config": ` +
        'it has no context "other", only "test"\n',
    );
    assert.equal(wrong.code, 1);
  });
});

Deno.test("controller in a pod takes the pod's service account when there is no kubeconfig", async () => {
  await using server = await serverWithRollouts();
  await inFolder(server.serviceAccount, async (serviceAccountFolder) => {
    const environment = {
      KUBERNETES_SERVICE_HOST: "127.0.0.1",
      KUBERNETES_SERVICE_PORT: `${server.port}`,
      HOME: serviceAccountFolder,
    };
    const { code, err } = await runUntil(
      [],
      { environment, serviceAccountFolder },
      server.until(() => phaseOf(server, "default") === "Healthy"),
    );
    assert.equal(code, 0, err);
    assert.deepEqual([...server.authorizations], ["Bearer pod-token"]);
  });
});

Deno.test("controller --namespaced works in the namespace of its service account alone", async () => {
  await using server = await serverWithRollouts();
  const files = { ...server.serviceAccount, namespace: "kube-system" };
  await inFolder(files, async (serviceAccountFolder) => {
    const { code, err } = await runUntil(
      ["--namespaced", "--logformat=text", "--service-threads=3", "--qps=1000"],
      {
        environment: {
          KUBERNETES_SERVICE_HOST: "127.0.0.1",
          KUBERNETES_SERVICE_PORT: `${server.port}`,
          HOME: serviceAccountFolder,
        },
        serviceAccountFolder,
        files: { [`${serviceAccountFolder}/namespace`]: "kube-system" },
      },
      server.until(() => phaseOf(server, "kube-system") === "Healthy"),
    );
    assert.equal(code, 0, err);
    assert.match(err, /INFO +a flag has no effect flag=--service-threads why="Services are/);
  });
  assert.equal(phaseOf(server, "default"), undefined);
  const elsewhere = requestsElsewhere(server, "kube-system");
  assert.deepEqual(elsewhere, []);
});

Deno.test("controller --controllers analysis asks for no Rollouts", async () => {
  await using server = await serverWithRollouts();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const runs = () => server.requests.some((path) => path.endsWith("/analysisruns"));
    const { code } = await runUntil(
      ["--kubeconfig", `${folder}/config`, "--controllers", "analysis"],
      {},
      server.until(runs),
    );
    assert.equal(code, 0);
  });
  assert.deepEqual(server.requests.filter((path) => path.includes("/rollouts")), []);
});

function checkScrape(text: string): void {
  const scrape = parseStrictly(text);
  const value = (series: string) => scrape.get(series) ?? 0;
  const named = 'namespace="default",name="web"';
  assert.equal(value(`rollout_info_replicas_desired{${named}}`), 2);
  assert.ok(value(`rollout_reconcile_count{${named}}`) > 0);
  assert.ok(value('workqueue_adds_total{name="Rollouts"}') > 1);
  const listed = 'kind="rollouts",namespace="",name="N/A",verb="List",status_code="200"';
  assert.equal(value(`controller_clientset_k8s_request_total{${listed}}`), 1);
  assert.equal(value(`argo_rollouts_controller_info{version="${VERSION}"}`), 1);
  const build = 'goversion="deno 2.9.6",goarch="amd64",commit=""';
  assert.equal(value(`build_info{version="${VERSION}",${build}}`), 1);
  const held = [...scrape].find(([series, count]) =>
    /^rest_client_rate_limiter_duration_seconds_count\{.*verb="LIST"/.test(series) && count > 0
  );
  assert.ok(held !== undefined, "how long our own limits held lists back");
  assert.ok(value("process_resident_memory_bytes") > 1_000_000);
}

/** A port that nobody listens on now. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("controller serves probes and metrics, on one port if asked, and leaves it free", async () => {
  await using server = await serverWithRollouts();
  const port = freePort();
  const flags = [
    "--bind-address=127.0.0.1",
    `--healthzPort=${port}`,
    `--metricsPort=${port}`,
  ];
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const probed = async () => {
      await server.until(() => phaseOf(server, "default") === "Healthy");
      const alive = await fetch(`http://127.0.0.1:${port}/healthz`);
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      const scrape = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.equal(scrape.headers.get("Content-Type"), EXPOSITION_TYPE);
      checkScrape(await scrape.text());
      return [alive.status, await alive.text(), ready.status, await ready.text()];
    };
    const probes = probed();
    const { code } = await runUntil(
      ["--kubeconfig", `${folder}/config`, ...flags],
      {},
      probes.then(() => {}, () => {}),
    );
    assert.equal(code, 0);
    const [alive, text, ready, report] = await probes;
    assert.deepEqual([alive, text, ready], [200, "ok", 200], `${report}`);
    assert.match(
      `${report}`,
      /^ready\n(going on without (analysisruns|experiments)\.argoproj\.io since .*\n){2}$/,
    );
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  });
});

Deno.test("controller whose port is taken says so, and ends", async () => {
  await using server = await serverWithRollouts();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const { code, err } = await run([
      "controller",
      `--kubeconfig=${folder}/config`,
      "--bind-address=127.0.0.1",
      `--healthzPort=${port}`,
    ]);
    assert.equal(
      err,
      `Error: Cannot listen on 127.0.0.1:${port}: another program listens there; ` +
        "choose another port with --healthzPort, or 0 for none\n",
    );
    assert.equal(code, 1);
  });
  listener.close();
});

Deno.test("the process starts, works, and ends with 0 on SIGTERM", async () => {
  await using server = await serverWithRollouts();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", ...PERMISSIONS, MAIN, "controller"],
        ...["--kubeconfig=config", "--log-format=json", "--healthzPort=0"],
        "--metricsPort=0",
      ],
      env: { INIT_CWD: folder, KUBECONFIG: "" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const ended = child.output();
    await Promise.race([ended, server.until(() => phaseOf(server, "default") === "Healthy")]);
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await ended;
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert.equal(code, 0, err ?? "");
    assert.equal(out, "");
    const lines = (err ?? "").trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.ok(lines.length > 3);
    assert.equal(lines.at(-1).msg, "controller stopped");
    const [made] = lines.filter(({ effects }) => /^create replicasets web-/.test(effects ?? ""));
    assert.deepEqual([made.level, made.namespace, made.rollout], ["info", "default", "web"]);
    assert.ok(made.writes > 0 && made.durationMs > 0 && made.msg !== "");
    assert.doesNotMatch(err ?? "", /secret/);
  });
});

Deno.test("without any cluster to be found, controller says where it looked", async () => {
  await inFolder({ config: "", other: "" }, async (folder) => {
    const rows: [args: string[], environment: Record<string, string>, error: string][] = [
      [
        [],
        { HOME: folder },
        `Cannot find a cluster: there is no file "${folder}/.kube/config"; ` +
        "use --kubeconfig or set KUBECONFIG",
      ],
      [[], { KUBECONFIG: ":" }, "Cannot find a cluster: KUBECONFIG names no file"],
      [
        [],
        { KUBECONFIG: `${folder}/none` },
        `Cannot find a cluster: there is no file ` +
        `"${folder}/none"; use --kubeconfig or set KUBECONFIG`,
      ],
      [
        ["--kubeconfig", `${folder}/none`],
        {},
        `Cannot read kubeconfig "${folder}/none": ` +
        `there is no file "${folder}/none"`,
      ],
      [
        ["--kubeconfig", `${folder}/config`],
        {},
        `Cannot use kubeconfig "${folder}/config": ` +
        "it has no current-context, and none was asked for",
      ],
    ];
    for (const [args, environment, error] of rows) {
      const { code, out, err } = await run(["controller", ...args], { environment });
      assert.equal(err, `Error: ${error}\n`);
      assert.deepEqual([code, out], [1, ""]);
    }
  });
});
