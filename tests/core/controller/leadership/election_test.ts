import assert from "node:assert/strict";
import {
  type Candidate,
  claimed,
  claimOf,
  DEFAULT_TIMES,
  delayMs,
  type Knowledge,
  leadsForMs,
  NOTHING_KNOWN,
  releaseOf,
  resigned,
  seen,
  timesProblem,
} from "../../../../core/controller/leadership/election.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";

const NOW_MS = Date.parse("2030-01-01T00:00:20Z");
const NOW = "2030-01-01T00:00:20.000000Z";
const BEFORE = "2030-01-01T00:00:00.000000Z";

const candidate: Candidate = {
  lease: { namespace: "argo-rollouts", name: "argo-rollouts-controller-lock" },
  identity: "us",
  times: DEFAULT_TIMES,
};

type Spec = Record<string, unknown>;

function lease(spec: Spec = {}): KubeObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { ...candidate.lease, resourceVersion: "7", labels: { kept: "yes" } },
    spec: {
      holderIdentity: "them",
      leaseDurationSeconds: 15,
      acquireTime: BEFORE,
      renewTime: BEFORE,
      leaseTransitions: 3,
      ...spec,
    },
  };
}

function after(...sightings: readonly [lease: KubeObject | undefined, monotonicMs: number][]) {
  return sightings.reduce<Knowledge>(
    (known, [present, monotonicMs]) => seen(known, present, { candidate, monotonicMs }),
    NOTHING_KNOWN,
  );
}

const OURS = {
  holderIdentity: "us",
  leaseDurationSeconds: 15,
  acquireTime: NOW,
  renewTime: NOW,
  leaseTransitions: 4,
};

Deno.test("a Lease is claimed when nobody has renewed it for its duration, as this process saw it", () => {
  const rows: [what: string, known: Knowledge, monotonicMs: number, claim: Spec | undefined][] = [
    ["there is none", NOTHING_KNOWN, 0, { ...OURS, leaseTransitions: 0 }],
    ["it was just seen, however old it says it is", after([lease(), 1_000]), 1_000, undefined],
    ["a moment before its time", after([lease(), 1_000]), 15_999, undefined],
    ["its time is over", after([lease(), 1_000]), 16_000, OURS],
    ["unchanged: its age counts on", after([lease(), 1_000], [lease(), 9_000]), 16_000, OURS],
    [
      "renewed: its age counts anew, also when the holder's clock goes back",
      after([lease(), 1_000], [lease({ renewTime: "2029-12-31T23:00:00.000000Z" }), 9_000]),
      16_000,
      undefined,
    ],
    [
      "another holder: its age counts anew",
      after([lease(), 1_000], [lease({ holderIdentity: "third" }), 9_000]),
      16_000,
      undefined,
    ],
    [
      "its own duration counts, not ours",
      after([lease({ leaseDurationSeconds: 60 }), 0]),
      59_999,
      undefined,
    ],
    [
      "it has no duration: ours counts",
      after([lease({ leaseDurationSeconds: undefined }), 0]),
      14_999,
      undefined,
    ],
    ["released", after([lease({ holderIdentity: "", leaseDurationSeconds: 1 }), 0]), 0, OURS],
    ["without a holder", after([lease({ holderIdentity: undefined }), 0]), 0, OURS],
    [
      "ours: renewed, and acquired when it was",
      after([lease({ holderIdentity: "us" }), 0]),
      0,
      { ...OURS, acquireTime: BEFORE, leaseTransitions: 3 },
    ],
    ["gone meanwhile", after([lease(), 0], [undefined, 500]), 500, {
      ...OURS,
      leaseTransitions: 0,
    }],
  ];
  for (const [what, known, monotonicMs, claim] of rows) {
    const written = claimOf(known, candidate, { monotonicMs, nowMs: NOW_MS });
    assert.deepEqual(written?.["spec"], claim, what);
  }
});

Deno.test("a claim replaces the version that was read, and keeps what is no part of it", () => {
  const present = lease({ preferredHolder: "kept" });
  const written = claimOf(after([present, 0]), candidate, { monotonicMs: 15_000, nowMs: NOW_MS });
  assert.deepEqual(written?.metadata, present.metadata);
  assert.deepEqual(written?.["spec"], { ...OURS, preferredHolder: "kept" });
  const first = claimOf(NOTHING_KNOWN, candidate, { monotonicMs: 0, nowMs: NOW_MS });
  assert.deepEqual(first?.metadata, candidate.lease);
});

Deno.test("a leader acts until the renew deadline after its last renewal was sent", () => {
  const ours = lease(OURS);
  const led = claimed(ours, { monotonicMs: 1_000, nowMs: NOW_MS });
  const rows: [what: string, known: Knowledge, leftMs: number][] = [
    ["nothing is known", NOTHING_KNOWN, 0],
    ["somebody else leads", after([lease(), 0]), 0],
    ["claimed 4 s ago", led, 6_000],
    ["read again: that is no renewal", seen(led, ours, at(5_000)), 6_000],
    ["taken by somebody else", seen(led, lease(), at(5_000)), 0],
    ["released by somebody", seen(led, lease({ holderIdentity: "" }), at(5_000)), 0],
    ["deleted", seen(led, undefined, at(5_000)), 0],
    ["resigned", resigned(led), 0],
  ];
  for (const [what, known, leftMs] of rows) {
    const instant = { monotonicMs: 5_000, nowMs: NOW_MS + 4_000 };
    assert.equal(leadsForMs(known, candidate, instant), leftMs, what);
  }
});

Deno.test("of both clocks the one that went further says how long a leader may act", () => {
  const led = claimed(lease(OURS), { monotonicMs: 1_000, nowMs: NOW_MS });
  const rows: [what: string, monotonicMs: number, nowMs: number, leftMs: number][] = [
    ["both went on", 4_000, 3_000, 7_000],
    ["a moment before the deadline", 10_999, 9_999, 1],
    ["at the deadline", 11_000, 10_000, 0],
    ["the machine slept: its monotonic clock stood still", 1_500, 3_600_000, 0],
    ["the clock was set back an hour", 4_000, -3_600_000, 7_000],
  ];
  for (const [what, monotonicMs, ms, leftMs] of rows) {
    assert.equal(leadsForMs(led, candidate, { monotonicMs, nowMs: NOW_MS + ms }), leftMs, what);
  }
});

function at(monotonicMs: number) {
  return { candidate, monotonicMs };
}

Deno.test("only one's own Lease is released, and others may take it at once", () => {
  const ours = claimed(lease(OURS), { monotonicMs: 0, nowMs: NOW_MS });
  assert.equal(releaseOf(NOTHING_KNOWN, candidate, NOW_MS), undefined);
  assert.equal(releaseOf(after([lease(), 0]), candidate, NOW_MS), undefined);
  const released = releaseOf(resigned(ours), candidate, NOW_MS);
  assert.deepEqual(released?.["spec"], { ...OURS, holderIdentity: "", leaseDurationSeconds: 1 });
  assert.equal(released?.metadata.resourceVersion, "7");
  const next: Candidate = { ...candidate, identity: "next" };
  const known = seen(NOTHING_KNOWN, released, { candidate: next, monotonicMs: 0 });
  const taken = claimOf(known, next, { monotonicMs: 0, nowMs: NOW_MS });
  assert.deepEqual(taken?.["spec"], { ...OURS, holderIdentity: "next", leaseTransitions: 5 });
});

Deno.test("a leader renews each period; who stands by looks more than twice as often, out of step", () => {
  assert.equal(delayMs("leads", candidate, 0.9), 2_000);
  assert.equal(delayMs("renewal failed", candidate, 0.9), 500);
  assert.equal(delayMs("stands by", candidate, 0), 700);
  assert.equal(delayMs("stands by", candidate, 1), 1_000);
});

Deno.test("a duration of parts of a second is written as the next whole second", () => {
  const times = { leaseDurationMs: 1_500, renewDeadlineMs: 1_000, retryPeriodMs: 200 };
  const written = claimOf(NOTHING_KNOWN, { ...candidate, times }, {
    monotonicMs: 0,
    nowMs: NOW_MS,
  });
  assert.deepEqual(written?.["spec"], { ...OURS, leaseDurationSeconds: 2, leaseTransitions: 0 });
});

Deno.test("times by which two could lead at once are refused", () => {
  const rows: [lease: number, renew: number, retry: number, problem: string | undefined][] = [
    [15_000, 10_000, 2_000, undefined],
    [
      10_000,
      10_000,
      2_000,
      "--leader-election-lease-duration must be longer than --leader-election-renew-deadline",
    ],
    [
      15_000,
      2_400,
      2_000,
      "--leader-election-renew-deadline must be longer than 1.2 × --leader-election-retry-period",
    ],
    [15_000, 10_000, 0, "--leader-election-retry-period must be longer than 0"],
  ];
  for (const [leaseDurationMs, renewDeadlineMs, retryPeriodMs, problem] of rows) {
    assert.equal(timesProblem({ leaseDurationMs, renewDeadlineMs, retryPeriodMs }), problem);
  }
});
