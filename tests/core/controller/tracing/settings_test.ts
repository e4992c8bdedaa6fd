import assert from "node:assert/strict";
import { traceSettings } from "../../../../core/controller/tracing/settings.ts";

const settingsOf = (environment: Record<string, string>) =>
  traceSettings((name) => environment[name], "1.2.3");

Deno.test("an endpoint of all signals is a folder, one of traces the whole URL", () => {
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://otel:4318/" };
  assert.equal(settingsOf(all).url, "http://otel:4318/v1/traces");
  const traces = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://other/in" };
  assert.equal(settingsOf({ ...all, ...traces }).url, "https://other/in");
  assert.equal(settingsOf({ OTEL_TRACES_EXPORTER: "otlp" }).url, "http://localhost:4318/v1/traces");
});

Deno.test("who sends says who it is, and what a receiver asks of it", () => {
  assert.deepEqual(settingsOf({}).resource, {
    "service.name": "sluice",
    "service.version": "1.2.3",
  });
  const { headers, resource } = settingsOf({
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20abc=, tenant=shop",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=other,zone=a",
    OTEL_SERVICE_NAME: "rollouts",
  });
  assert.deepEqual(headers, { authorization: "Basic abc=", tenant: "shop" });
  assert.deepEqual(resource, {
    "service.name": "rollouts",
    "service.version": "1.2.3",
    zone: "a",
  });
});

Deno.test("a sampler says how many of the passes are traced", () => {
  const shareOf = (sampler: string, argument?: string) =>
    settingsOf({
      OTEL_TRACES_SAMPLER: sampler,
      ...(argument === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: argument }),
    }).share;
  assert.equal(settingsOf({}).share, 1);
  assert.equal(shareOf("always_off"), 0);
  assert.equal(shareOf("traceidratio", "0.25"), 0.25);
  assert.equal(shareOf("parentbased_traceidratio", "0.25"), 0.25);
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "otel:4318", "is not a URL that begins with http"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", 'is "grpc"; use http/json'],
  ["OTEL_TRACES_EXPORTER", "zipkin", 'is "zipkin"; use otlp or none'],
  ["OTEL_EXPORTER_OTLP_HEADERS", "secret", "is not a list"],
  ["OTEL_TRACES_SAMPLER", "jaeger_remote", "use always_on"],
  ["OTEL_BSP_SCHEDULE_DELAY", "soon", "use a whole number above 0"],
];

for (const [name, value, told] of REFUSED) {
  Deno.test(`${name}=${value} is refused with its name, and what to write`, () => {
    assert.throws(() => settingsOf({ [name]: value }), (error: Error) => {
      assert.ok(error.message.includes(told), error.message);
      return error.message.startsWith(name);
    });
  });
}
