import assert from "node:assert/strict";
import { ANALYSIS_RUNS, ROLLOUTS } from "../../../../core/api/names/resources.ts";
import { callOf, type Verb } from "../../../../core/cluster/kube/call.ts";
import { familyText, RequestMetrics } from "../../../../core/controller/telemetry/mod.ts";
import { keyOf } from "../../../../core/engine/mod.ts";
import type { ResourceType } from "../../../../sdk/wire/resource_type.ts";
import { parseStrictly } from "./strict_parser.ts";

const call = (verb: Verb, type: ResourceType, name?: string) =>
  callOf(verb, { type, namespace: "shop", name }, { query: {} });

Deno.test("requests: names of Rollouts that are there, of nothing else", () => {
  const metrics = new RequestMetrics("https://api.example:6443/path");
  metrics.answered(call("patch", ROLLOUTS, "web"), { status: 200, tookMs: 20 });
  metrics.answered(call("patch", ROLLOUTS, "gone"), { status: 404, tookMs: 20 });
  metrics.answered(call("create", ANALYSIS_RUNS, "web-1"), { status: 201, tookMs: 30 });
  metrics.answered(call("create", ANALYSIS_RUNS, "web-2"), { status: 201, tookMs: 30 });
  metrics.answered(call("list", ROLLOUTS), { status: 200, tookMs: 3_000 });
  metrics.failed(call("list", ROLLOUTS), { tookMs: 10_000, isAnswered: false });
  metrics.failed(call("watch", ROLLOUTS), { tookMs: 10_000, isAnswered: true });
  const families = metrics.families((key) => key === keyOf("shop", "web"));
  const scrape = parseStrictly(families.map(familyText).join(""));
  const counts = Object.fromEntries([...scrape].filter(([series]) => !series.includes("_bucket{")));
  const host = 'host="api.example:6443"';
  assert.deepEqual(counts, {
    'controller_clientset_k8s_request_total{kind="rollouts",namespace="shop",name="web",verb="Patch",status_code="200"}':
      1,
    'controller_clientset_k8s_request_total{kind="analysisruns",namespace="shop",name="N/A",verb="Create",status_code="201"}':
      2,
    'controller_clientset_k8s_request_total{kind="rollouts",namespace="shop",name="N/A",verb="List",status_code="200"}':
      1,
    [`rest_client_requests_total{code="200",${host},method="PATCH"}`]: 1,
    [`rest_client_requests_total{code="404",${host},method="PATCH"}`]: 1,
    [`rest_client_requests_total{code="201",${host},method="POST"}`]: 2,
    [`rest_client_requests_total{code="200",${host},method="GET"}`]: 1,
    [`rest_client_requests_total{code="<error>",${host},method="GET"}`]: 1,
    [`rest_client_request_duration_seconds_sum{${host},verb="PATCH"}`]: 0.04,
    [`rest_client_request_duration_seconds_count{${host},verb="PATCH"}`]: 2,
    [`rest_client_request_duration_seconds_sum{${host},verb="CREATE"}`]: 0.06,
    [`rest_client_request_duration_seconds_count{${host},verb="CREATE"}`]: 2,
    [`rest_client_request_duration_seconds_sum{${host},verb="LIST"}`]: 13,
    [`rest_client_request_duration_seconds_count{${host},verb="LIST"}`]: 2,
  });
});

Deno.test("requests: for how long our own limits held them back", () => {
  const metrics = new RequestMetrics("https://api.example:6443");
  metrics.admitted(call("list", ROLLOUTS), 0);
  metrics.admitted(call("list", ROLLOUTS), 1_500);
  const scrape = parseStrictly(metrics.families(() => true).map(familyText).join(""));
  const labels = 'host="api.example:6443",verb="LIST"';
  const name = "rest_client_rate_limiter_duration_seconds";
  assert.equal(scrape.get(`${name}_sum{${labels}}`), 1.5);
  assert.equal(scrape.get(`${name}_count{${labels}}`), 2);
  assert.equal(scrape.get(`${name}_bucket{${labels},le="1"}`), 1);
});
