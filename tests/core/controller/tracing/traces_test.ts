/** The controller on an embedded cluster, and a receiver of spans on loopback. */
import assert from "node:assert/strict";
import { ROLLOUTS } from "../../../../core/api/names/resources.ts";
import { openDefinition } from "../../../../core/api/schema/open_definition.ts";
import { ROLLOUT_KIND } from "../../../../core/api/schema/kinds.ts";
import { EmbeddedCluster, seededRandom } from "../../../../core/cluster/embedded/mod.ts";
import { systemClock } from "../../../../core/cluster/system/mod.ts";
import { askedTraces } from "../../../../core/controller/asked_traces.ts";
import { startController } from "../../../../core/controller/run_controller.ts";
import type { Log } from "../../../../core/ports/log.ts";
import { silentLog } from "../../../../core/ports/log.ts";
import { plugins } from "../../../../plugins/mod.ts";
import { RecordingLog } from "../../engine/recording_log.ts";
import { PlainServer } from "../plain_server.ts";

const random = seededRandom(7);

function opened(environment: Record<string, string>, log: Log = silentLog) {
  return askedTraces({
    environment: (name) => environment[name],
    version: "1.2.3",
    clock: systemClock,
    random,
    log,
  });
}

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
  readonly status?: { code: number; message: string };
}

const spansOf = (server: PlainServer): ReceivedSpan[] =>
  server.asked.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans);

function textOf({ attributes }: ReceivedSpan, key: string): unknown {
  return attributes.find((each) => each.key === key)?.value["stringValue"];
}

const ROLLOUT = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web:secret-word" }] },
    },
    strategy: { canary: {} },
  },
};

/** Runs a controller over a Rollout until it is Healthy; `refuse`: the server does that once. */
async function runHealthy(environment: Record<string, string>, log?: Log): Promise<void> {
  const clock = systemClock;
  const cluster = new EmbeddedCluster({
    clock,
    random: seededRandom(1),
    customResources: [openDefinition(ROLLOUT_KIND)],
  });
  const user = cluster.client("user");
  await user.create(ROLLOUTS, ROLLOUT);
  const traces = await opened(environment, log);
  const running = startController({
    cluster: cluster.client("sluice"),
    clock,
    log: silentLog,
    plugins,
    ...(traces && { traces }),
  });
  const isHealthy = async () => {
    const { status } = await user.get(ROLLOUTS, ROLLOUT.metadata) as { status?: { phase: string } };
    return status?.phase === "Healthy";
  };
  while (!await isHealthy()) {
    cluster.settle();
    await new Promise((resolve) => clock.after(5, () => resolve(null)));
  }
  await running.stop();
  await traces?.close();
}

Deno.test("each pass is a trace with a span for each of its writes, and says nothing of what it writes", async () => {
  await using receiver = new PlainServer(() => Response.json({}));
  await runHealthy({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  const [first] = receiver.asked;
  assert.equal(first?.method, "POST");
  assert.equal(first?.path, "/v1/traces");
  assert.equal(first?.headers.get("content-type"), "application/json");
  const spans = spansOf(receiver);
  const passes = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
  assert.ok(passes.length > 1);
  for (const pass of passes) {
    assert.match(pass.traceId, /^[0-9a-f]{32}$/);
    assert.match(pass.spanId, /^[0-9a-f]{16}$/);
    assert.match(pass.name, /^pass /);
    assert.ok(textOf(pass, "sluice.why"));
    assert.ok(BigInt(pass.endTimeUnixNano) >= BigInt(pass.startTimeUnixNano));
  }
  assert.equal(new Set(passes.map(({ traceId }) => traceId)).size, passes.length);
  const writes = spans.filter(({ parentSpanId }) => parentSpanId !== undefined);
  const creation = writes.find(({ name }) => name === "create replicasets.apps");
  const above = passes.find(({ spanId }) => spanId === creation?.parentSpanId);
  assert.equal(above?.name, "pass rollout");
  assert.equal(creation?.traceId, above?.traceId);
  assert.equal(textOf(above as ReceivedSpan, "sluice.name"), "web");
  assert.equal(creation?.kind, 3);
  assert.ok(writes.some(({ name }) => name === "patch rollouts.argoproj.io/status"));
  for (const { body } of receiver.asked) assert.doesNotMatch(body, /secret-word/);
});

Deno.test("each write of a pass that is reported as written is in its trace, once", async () => {
  await using receiver = new PlainServer(() => Response.json({}));
  await runHealthy({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  const spans = spansOf(receiver);
  for (const pass of spans.filter(({ name }) => name === "pass rollout")) {
    const below = spans.filter(({ parentSpanId }) => parentSpanId === pass.spanId);
    const count = pass.attributes.find(({ key }) => key === "sluice.writes")?.value["intValue"];
    const statuses = textOf(pass, "sluice.status") === "written" ? 1 : 0;
    assert.equal(below.length, Number(count) + statuses, textOf(pass, "sluice.why") as string);
  }
});

Deno.test("a receiver that is not there is told once, and holds up nothing", async () => {
  const log = new RecordingLog();
  await runHealthy(
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_BSP_SCHEDULE_DELAY: "1" },
    log,
  );
  assert.deepEqual(log.at("warn").map(({ message }) => message), ["cannot send spans"]);
});

Deno.test("a sampler that is off sends nothing", async () => {
  await using receiver = new PlainServer(() => Response.json({}));
  await runHealthy({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER: "always_off",
  });
  assert.deepEqual(receiver.asked, []);
});

const SILENT: readonly (readonly [string, Record<string, string>])[] = [
  ["no variable", {}],
  ["no endpoint", { OTEL_SERVICE_NAME: "rollouts" }],
  ["an exporter that is none", {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  }],
  ["an SDK that is disabled", {
    OTEL_SDK_DISABLED: "true",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  }],
];

for (const [name, environment] of SILENT) {
  Deno.test(`there are no traces with ${name}`, async () => {
    const log = new RecordingLog();
    assert.equal(await opened(environment, log), undefined);
    assert.deepEqual(log.at("error"), []);
  });
}

Deno.test("what cannot be done is said, and the controller goes on without traces", async () => {
  const log = new RecordingLog();
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel:4317",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
  };
  assert.equal(await opened(environment, log), undefined);
  const [line] = log.at("error");
  assert.equal(line?.message, "there will be no traces");
  assert.match(String(line?.fields["cause"]), /OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"/);
});
