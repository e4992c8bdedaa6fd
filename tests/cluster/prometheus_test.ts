import assert from "node:assert/strict";
import { HttpClient } from "../../core/controller/http_client.ts";
import { metricPorts, NO_SETTINGS } from "../../core/controller/metric_ports.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { type Cluster, silentLog } from "../../core/ports/mod.ts";
import type { PrometheusConfig } from "../../plugins/metrics/prometheus/config.ts";
import { prometheus } from "../../plugins/metrics/prometheus/mod.ts";
import type { Reading } from "../../sdk/metric_provider.ts";
import { prometheusPath } from "./prometheus/install.ts";
import { PASSWORD, RealPrometheus, USER } from "./prometheus/real_prometheus.ts";

const METRICS = `
errors 3
requests 200
nothing 0
limit +Inf
shard{n="1"} 1
shard{n="2"} 2.5
`;

const path = await prometheusPath();

async function measured(address: string, config: PrometheusConfig): Promise<Reading | string> {
  const clock = systemClock;
  const http = new HttpClient({ clock });
  const ports = metricPorts({
    clock,
    log: silentLog,
    http,
    cluster: {} as Cluster,
    settings: NO_SETTINGS,
  });
  const call = {
    id: "uid/rate/1",
    run: { namespace: "shop", name: "run", uid: "uid" },
    metric: "rate",
    number: 1,
    config: { address, ...config },
  };
  try {
    const { signal } = new AbortController();
    const given = ports({ namespace: "shop", signal });
    return await prometheus.run(call, { ...given, conceal: () => {} });
  } catch (error) {
    return (error as Error).message;
  }
}

function vector(value: number[], text: string): Reading {
  return { is: "value", value: { shape: "vector", value }, text };
}

Deno.test({
  name: "a real Prometheus is read: moments, ranges, scalars, NaN, nothing, a bad query",
  ignore: path === "",
  async fn() {
    await using server = await RealPrometheus.start({ path, metrics: () => METRICS });
    const read = (query: string, more: PrometheusConfig = {}) =>
      measured(server.url, { query, ...more });
    assert.deepEqual(await read("errors / requests"), vector([0.015], "[0.015]"));
    assert.deepEqual(await read("sort(shard)"), vector([1, 2.5], "[1,2.5]"));
    assert.deepEqual(await read("nothing / nothing"), vector([NaN], "[NaN]"));
    assert.deepEqual(await read("limit or -limit"), vector([Infinity], "[+Inf]"));
    assert.deepEqual(await read("scalar(errors)"), {
      is: "value",
      value: { shape: "scalar", value: 3 },
      text: "3",
    });
    assert.deepEqual(await read("1e21 + 0"), {
      is: "value",
      value: { shape: "scalar", value: 1e21 },
      text: "1000000000000000000000",
    });
    assert.deepEqual(await read("missing"), {
      is: "empty",
      value: { shape: "vector", value: [] },
      text: "[]",
    });
    assert.equal(await read('"text"'), "Prometheus metric type not supported");
    assert.match(String(await read("sum(")), /^bad_data: .*parse error: unclosed left parenthesis/);
    const rangeQuery = { start: 'now() - duration("1m")', end: "now()", step: "500ms" };
    const range = await read("errors", { rangeQuery });
    assert.ok(typeof range === "object" && range.is === "value");
    const points = range.value.value as number[];
    assert.ok(points.length > 0 && points.every((point) => point === 3), range.text);
    assert.equal(range.text, `[${points.join(",")}]`);
    assert.deepEqual(await read("missing", { rangeQuery }), {
      is: "empty",
      value: { shape: "vector", value: [] },
      text: "[]",
    });
    assert.match(
      String(await read("errors", { rangeQuery: { ...rangeQuery, step: "0s" } })),
      /^bad_data: .*step/,
    );
  },
});

Deno.test({
  name: "a real Prometheus that asks for name and password gets them, and refuses others",
  ignore: path === "",
  async fn() {
    const options = { path, metrics: () => METRICS, isGuarded: true };
    await using server = await RealPrometheus.start(options);
    const as = (username: string, password: string) =>
      measured(server.url, {
        query: "errors",
        authentication: { basicAuth: { username, password } },
      });
    assert.deepEqual(await as(USER, PASSWORD), vector([3], "[3]"));
    const refused = await as(USER, "wrong horse");
    assert.equal(refused, "client_error: client error: 401");
    assert.equal(await measured(server.url, { query: "errors" }), refused);
  },
});
