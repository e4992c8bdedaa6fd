import assert from "node:assert/strict";
import {
  canonicalQuantity,
  canonicalResources,
} from "../../../../core/cluster/embedded/quantity.ts";

Deno.test("canonicalQuantity() takes the largest suffix that leaves the number whole", () => {
  const rows: Record<string, string> = {
    "1000m": "1",
    "1": "1",
    "1.5": "1500m",
    "0.1": "100m",
    "1024Mi": "1Gi",
    "0.5Gi": "512Mi",
    "1Ki": "1Ki",
    "2048": "2048",
    "1500000": "1500k",
    "1e3": "1e3",
    "1E3": "1E3",
    "2.5e-1": "250e-3",
    "1.5Ki": "1536",
    "12e2": "1200",
    "100000000": "100M",
    "0": "0",
    "0Mi": "0",
    "-1000m": "-1",
    "5n": "5n",
    "0.1n": "1n",
    "what": "what",
  };
  for (const [text, expected] of Object.entries(rows)) {
    assert.equal(canonicalQuantity(text), expected, text);
  }
});

Deno.test("canonicalResources() takes numbers, and leaves other fields alone", () => {
  const resources = { limits: { cpu: 2, memory: "1024Mi" }, claims: [{ name: "a" }] };
  assert.deepEqual(canonicalResources(resources), {
    limits: { cpu: "2", memory: "1Gi" },
    claims: [{ name: "a" }],
  });
  assert.deepEqual(canonicalResources(undefined), {});
});
