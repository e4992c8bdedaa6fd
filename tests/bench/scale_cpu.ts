/**
 * Run in a process of its own: simulates an update of as many Rollouts as its argument says, cold,
 * and prints what that cost.
 */
import process from "node:process";
import { manifestsOf, updatesOf } from "./many_rollouts.ts";
import type { ScaleFigures } from "./scale_figures.ts";

const rollouts = Number(Deno.args[0]);
const manifests = new TextEncoder().encode(manifestsOf(rollouts));
const startMs = performance.now();
const start = process.cpuUsage();
const { ScenarioReader } = await import("../../core/cli/scenario_reader.ts");
const { exitCodeOf, renderTimeline, simulate } = await import("../../core/simulate/mod.ts");
const { plugins } = await import("../../plugins/mod.ts");
const reader = new ScenarioReader({
  err: () => {},
  readFile: () => Promise.resolve(manifests),
  readFolder: () => Promise.resolve([]),
  resolve: (path) => path,
  readStandardInput: () => Promise.reject(new Error("Cannot read: there is no input")),
}, plugins);
const scenario = await reader.read(["manifests.yaml"], { do: updatesOf(rollouts), seed: 1 });
const outcome = await simulate(scenario, { plugins });
const text = renderTimeline(outcome);
const { user, system } = process.cpuUsage(start);
const figures: ScaleFigures = {
  rollouts,
  exitCode: exitCodeOf(outcome),
  writes: outcome.writes.total,
  lines: text.split("\n").length,
  wallMs: performance.now() - startMs,
  cpuMs: (user + system) / 1000,
  rssMb: Deno.memoryUsage().rss / 2 ** 20,
};
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(figures)));
