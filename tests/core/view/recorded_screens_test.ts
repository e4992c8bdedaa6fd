import assert from "node:assert/strict";
import { renderRollout, rolloutInfo } from "../../../core/view/mod.ts";
import bluegreen from "../../fixtures/view/01-bluegreen.json" with { type: "json" };
import canary from "../../fixtures/view/02-canary-success.json" with { type: "json" };
import undoAbort from "../../fixtures/view/03-canary-undo-abort.json" with { type: "json" };
import routed from "../../fixtures/view/04-canary-istio-virtualservice.json" with { type: "json" };
import analysis from "../../fixtures/view/05-canary-istio-vs-analysis.json" with { type: "json" };
import experiment from "../../fixtures/view/06-canary-istio-vs-analysis-experiment.json" with {
  type: "json",
};
import ruleAnalysis from "../../fixtures/view/08-canary-istio-dr-analysis.json" with {
  type: "json",
};
import ruleExperiment from "../../fixtures/view/09-canary-istio-dr-analysis-experiment.json" with {
  type: "json",
};
import { normaliseScreen } from "../../seeds/compare.ts";
import { type Recorded, recordedObjects } from "./recorded_objects.ts";

const CASES: { name: string; recorded: unknown[] }[] = [
  { name: "01-bluegreen", recorded: bluegreen },
  { name: "02-canary-success", recorded: canary },
  { name: "03-canary-undo-abort", recorded: undoAbort },
  { name: "04-canary-istio-virtualservice", recorded: routed },
  { name: "05-canary-istio-vs-analysis", recorded: analysis },
  { name: "06-canary-istio-vs-analysis-experiment", recorded: experiment },
  { name: "08-canary-istio-dr-analysis", recorded: ruleAnalysis },
  { name: "09-canary-istio-dr-analysis-experiment", recorded: ruleExperiment },
];

for (const { name, recorded } of CASES) {
  for (const moment of recorded as Recorded[]) {
    const screen = `${moment.screen.join("\n")}\n`;

    Deno.test(`renderRollout() shows screen ${moment.number} of ${name} as recorded`, () => {
      const rendered = renderRollout(rolloutInfo(recordedObjects(moment)));
      assert.equal(normaliseScreen(rendered), normaliseScreen(screen));
    });

    Deno.test(`renderRollout() matches screen ${moment.number} of ${name} to the blank`, () => {
      assert.equal(renderRollout(rolloutInfo(recordedObjects(moment))), screen);
    });
  }
}
