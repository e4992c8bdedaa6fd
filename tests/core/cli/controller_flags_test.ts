import assert from "node:assert/strict";
import { CONTROLLER_FLAGS, readControllerFlags } from "../../../core/cli/controller_flags.ts";
import { readFlags } from "../../../core/command/flags.ts";
import { run } from "./fake_terminal.ts";

/** The flags of Argo Rollouts' controller, each with a value that it takes. */
const ARGO_FLAGS = [
  "--rollout-resync=900",
  "--instance-id=blue",
  "--namespaced",
  "--loglevel=info",
  "--logformat=json",
  "--kloglevel=0",
  "--metricsPort=8090",
  "--metricsport=8090",
  "--healthzPort=8080",
  "--qps=40",
  "--burst=80",
  "--rollout-threads=10",
  "--experiment-threads=10",
  "--analysis-threads=30",
  "--service-threads=10",
  "--ingress-threads=10",
  "--ephemeral-metadata-threads=10",
  "--ephemeral-metadata-update-pod-retries=3",
  "--aws-verify-target-group",
  "--alb-verify-weight",
  "--aws-target-group-binding-api-version=elbv2.k8s.aws/v1beta1",
  "--alb-tag-key-resource-id=ingress.k8s.aws/resource",
  "--istio-api-version=v1alpha3",
  "--ambassador-api-version=getambassador.io/v2",
  "--traffic-split-api-version=v1alpha1",
  "--traefik-api-group=traefik.io",
  "--traefik-api-version=traefik.io/v1alpha1",
  "--ingress-api-version=networking/v1",
  "--appmesh-crd-version=v1beta2",
  "--alb-ingress-classes=alb",
  "--nginx-ingress-classes=nginx",
  "--leader-elect=false",
  "--leader-election-lease-duration=15s",
  "--leader-election-renew-deadline=10s",
  "--leader-election-retry-period=2s",
  "--self-service-notification-enabled",
  "--controllers=analysis",
  "--enable-pprof-address=localhost:6060",
  "--kubeconfig=config",
  "--context=test",
  "--namespace=web",
  "--server=https://example",
  "--as=alice",
  "--user=alice",
  "--token=secret",
];

function choiceOf(...words: string[]) {
  return readControllerFlags(readFlags(words, CONTROLLER_FLAGS).flags);
}

Deno.test("the controller takes every flag of Argo Rollouts' controller, and its help lists it", async () => {
  choiceOf(...ARGO_FLAGS);
  const { code, out } = await run(["controller", "--help"]);
  assert.equal(code, 0);
  for (const flag of ARGO_FLAGS) {
    const [name = ""] = flag.split("=");
    if (name === "--user") continue;
    assert.match(out, new RegExp(`^ +(-\\w, )?${name}( |$)`, "m"), name);
  }
});

Deno.test("a flag that is given and does nothing is told with the reason; one that is not given is not", () => {
  assert.deepEqual(choiceOf().idle, []);
  assert.deepEqual(
    choiceOf("--alb-verify-weight=false", "--nginx-ingress-classes", "a", "--service-threads=3")
      .idle,
    [
      {
        flag: "--service-threads",
        why: "Services are looked at in the passes of their Rollouts",
      },
      {
        flag: "--nginx-ingress-classes",
        why: "every Ingress that a Rollout names is steered, whatever its class",
      },
    ],
  );
});

Deno.test("what the flags of the controller come to", () => {
  const { log, slots, rate, isAnalysisOnly } = choiceOf();
  assert.deepEqual(log, { format: "text", level: "info" });
  assert.deepEqual(slots, { rollout: 10, experiment: 10, analysis: 30 });
  assert.deepEqual([rate, isAnalysisOnly], [undefined, false]);
  const levels = [["trace", "debug"], ["Warn", "warning"], ["warning", "warning"], [
    "fatal",
    "error",
  ]];
  for (const [argo = "", own] of levels) {
    assert.equal(choiceOf("--loglevel", argo).log.level, own, argo);
  }
  assert.equal(choiceOf("--logformat", "").log.format, "text");
  assert.equal(choiceOf("--logformat", "json").log.format, "json");
  assert.equal(choiceOf("--analysis-threads", "2").slots.analysis, 2);
  assert.deepEqual(choiceOf("--qps", "2.5").rate, { perSecond: 2.5, burst: 80 });
  assert.deepEqual(choiceOf("--burst", "3").rate, { perSecond: 40, burst: 3 });
  assert.equal(choiceOf("--controllers", "analysis").isAnalysisOnly, true);
  assert.equal(choiceOf().namespaces, undefined);
  assert.deepEqual(choiceOf("-n", "a, b,a,").namespaces, ["a", "b"]);
  assert.deepEqual([choiceOf().instanceId, choiceOf("--instance-id=b").instanceId], ["", "b"]);
  assert.equal(choiceOf().resyncMs, 900_000);
  assert.equal(choiceOf("--rollout-resync=0").resyncMs, undefined);
  const times = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
  assert.deepEqual(choiceOf().election, times);
  const other = choiceOf(
    "--leader-election-lease-duration=1m",
    "--leader-election-retry-period=1s",
  );
  assert.deepEqual(other.election, { ...times, leaseDurationMs: 60_000, retryPeriodMs: 1_000 });
  assert.equal(choiceOf("--leader-elect=false").election, undefined);
});

Deno.test("a value that means nothing is one sentence", () => {
  const levels = "trace, debug, info, warn, warning, error, fatal, panic";
  const rows: [flag: string, error: string][] = [
    ["--loglevel=loud", `invalid value "loud" for --loglevel; use one of ${levels}`],
    ["--logformat=xml", 'invalid value "xml" for --logformat; use one of text, json'],
    [
      "--rollout-threads=0",
      'invalid value "0" for --rollout-threads; write a whole number above 0',
    ],
    ["--healthzPort=http", 'invalid value "http" for --healthzPort; write a port, or 0 for none'],
    ["--healthzPort=70000", 'invalid value "70000" for --healthzPort; write a port, or 0 for none'],
    [
      "--rollout-resync=15m",
      'invalid value "15m" for --rollout-resync; write a number of seconds, or 0 for never',
    ],
    ["--burst=1.5", 'invalid value "1.5" for --burst; write a whole number above 0'],
    ["--qps=fast", 'invalid value "fast" for --qps; write a number above 0'],
    [
      "--leader-election-retry-period=2",
      'invalid value "2" for --leader-election-retry-period; use 15s, 1m or 500ms',
    ],
    [
      "--leader-election-renew-deadline=15s",
      "--leader-election-lease-duration must be longer than --leader-election-renew-deadline",
    ],
    ["--controllers=analysis,rollout", 'invalid value "rollout" for --controllers; use analysis'],
  ];
  for (const [flag, message] of rows) {
    assert.throws(() => choiceOf(flag), { message }, flag);
  }
});

Deno.test("controller --version prints the version and ends", async () => {
  const { code, out } = await run(["controller", "--version"]);
  assert.equal(code, 0);
  assert.match(out, /^sluice \d+\.\d+\.\d+\S*\n$/);
});
