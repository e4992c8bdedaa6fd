import { readManifests } from "../../../core/api/manifest/mod.ts";
import { parseScript, type Scenario, UNTIL_DEFAULT_MS } from "../../../core/simulate/mod.ts";
import manifests from "../../fixtures/seeds/02-canary-success/manifests.yaml" with { type: "text" };

const IMAGE = "ghcr.io/ssup2/mock-go-server";

/** Case 02: an update, superseded in its pause, promoted, and through after a timed pause. */
export const CASE_02_SCRIPT = [
  { at: 6, do: `set image mock-server mock-server=${IMAGE}:2.0.0` },
  { when: "phase == Paused", do: `set image mock-server mock-server=${IMAGE}:3.0.0` },
  { when: "phase == Paused", do: "promote mock-server" },
];

/** The whole scenario; `script` replaces its commands. */
export function case02(
  { script = CASE_02_SCRIPT, ...changes }: Partial<Omit<Scenario, "script">> & {
    script?: readonly unknown[];
  } = {},
): Scenario {
  const { documents } = readManifests({ file: "manifests.yaml", text: manifests });
  return {
    objects: documents.map(({ object }) => object),
    script: parseScript(script),
    timed: [],
    files: new Map(),
    untilMs: UNTIL_DEFAULT_MS,
    seed: 1,
    ...changes,
  };
}
