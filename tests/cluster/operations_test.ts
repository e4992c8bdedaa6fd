/**
 * The controller as a process of its own with the arguments of Argo Rollouts' own Deployment: what
 * kubelets and Prometheus see of it.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../../core/api/names/resources.ts";
import { makeNamespace } from "../contract/expect.ts";
import { parseStrictly } from "../core/controller/telemetry/strict_parser.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { checkMistakes, checkNoKinds } from "./mistakes.ts";
import { prometheusPath } from "./prometheus/install.ts";
import { RealPrometheus } from "./prometheus/real_prometheus.ts";
import { connect, serveRollouts, until, webRollout } from "./real_cluster.ts";
import { checkServerDown, checkWithoutRights } from "./waiting_controllers.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

function startController(plane: ControlPlane, healthzPort: number, metricsPort: number) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-A", "--no-check", MAIN, "--called-as", "/bin/rollouts-controller"],
      ...[`--healthzPort=${healthzPort}`, `--metricsPort=${metricsPort}`],
      ...["--loglevel=info", "--logformat=json", "--kloglevel=0", "--leader-elect=false"],
      ...["--istio-api-version=v1alpha3", "--service-threads=10"],
    ],
    env: { KUBECONFIG: plane.kubeconfigPath },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ask(port: number, path: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: "" };
  }
}

/** What Prometheus makes of the scrape: the value of a query. */
async function valueIn(text: string, query: string): Promise<string | undefined> {
  const path = await prometheusPath();
  if (path === "") return undefined;
  await using prometheus = await RealPrometheus.start({ path, metrics: () => text });
  let value: string | undefined;
  await until(`Prometheus to know ${query}`, async () => {
    const url = `${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { data } = await (await fetch(url)).json();
    value = data.result[0]?.value[1];
    return value !== undefined;
  });
  return value;
}

async function play(plane: ControlPlane, test: Deno.TestContext): Promise<void> {
  const user = connect(plane, "user");
  const [healthzPort = 0, metricsPort = 0] = chooseFreePorts(2);
  const process = startController(plane, healthzPort, metricsPort);
  const output = process.output();
  try {
    await until("/healthz", async () => (await ask(healthzPort, "/healthz")).text === "ok");
    await until("/readyz to miss the kind", async () => {
      const { status, text } = await ask(healthzPort, "/readyz");
      return status === 503 &&
        /waiting for rollouts\.argoproj\.io .*does not know this kind/.test(text);
    });
    await test.step("verbs say that the kinds are missing", () => checkNoKinds(plane));
    await serveRollouts(user);
    const namespace = await makeNamespace(user);
    await user.create(ROLLOUTS, webRollout(namespace, { replicas: 2, canary: {} }));
    await until("/readyz to be ready", async () => {
      const { status, text } = await ask(healthzPort, "/readyz");
      return status === 200 && text.startsWith("ready\n");
    });
    await until("the Rollout to be Healthy", async () => {
      const rollout = await user.get(ROLLOUTS, { namespace, name: "web" }) as Rollout;
      return rollout.status?.phase === "Healthy";
    });
    const { text } = await ask(metricsPort, "/metrics");
    const scrape = parseStrictly(text);
    const named = `namespace="${namespace}",name="web"`;
    const info = `rollout_info{${named},strategy="canary",traffic_router="",phase="Completed"}`;
    assert.equal(scrape.get(info), 1);
    assert.equal(scrape.get(`rollout_info_replicas_available{${named}}`), 2);
    const desired = await valueIn(text, `rollout_info_replicas_desired{${named}}`);
    assert.ok(desired === undefined || desired === "2", `Prometheus: ${desired}`);
    await test.step("verbs answer a mistake in one line", () => checkMistakes(plane, namespace));
  } finally {
    process.kill("SIGTERM");
    await user.close();
  }
  const { code, stderr } = await output;
  const log = new TextDecoder().decode(stderr);
  assert.equal(code, 0, log);
  const lines = log.trimEnd().split("\n").map((line) => JSON.parse(line));
  const idle = lines.filter(({ msg }) => msg === "a flag has no effect").map(({ flag }) => flag);
  assert.deepEqual(idle, ["--service-threads", "--istio-api-version", "--kloglevel"]);
  assert.equal(lines.at(-1).msg, "controller stopped");
  assert.ok(!log.includes(plane.token));
}

Deno.test("with the arguments of Argo Rollouts' Deployment it serves probes and metrics, and stops in order", async (test) => {
  const plane = await startControlPlane();
  try {
    await play(plane, test);
    await test.step("a controller without rights waits for them, and says so", () =>
      checkWithoutRights(plane));
    await test.step("a controller waits for a server that is down, and says so", () =>
      checkServerDown(plane));
  } finally {
    await plane.stop();
  }
});
