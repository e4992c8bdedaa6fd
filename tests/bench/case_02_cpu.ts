/**
 * Run in a process of its own by `cpu_budget_test.ts`: simulates the complete case 02 once, cold,
 * and prints the CPU time of each part in milliseconds.
 */
import process from "node:process";

const MANIFESTS = new URL(
  "../fixtures/seeds/02-canary-success/manifests.yaml",
  import.meta.url,
);
const IMAGE = "ghcr.io/ssup2/mock-go-server";
const SCRIPT = `
- {at: 6s, do: "set image mock-server mock-server=${IMAGE}:2.0.0"}
- {at: 11.6s, do: "set image mock-server mock-server=${IMAGE}:3.0.0"}
- {at: 17.1s, do: promote mock-server}
`;

let last = process.cpuUsage();

/** CPU milliseconds since this was asked last. */
function lapMs(): number {
  const { user, system } = process.cpuUsage(last);
  last = process.cpuUsage();
  return (user + system) / 1000;
}

const { ScenarioReader } = await import("../../core/cli/scenario_reader.ts");
const { exitCodeOf, renderTimeline, simulate } = await import("../../core/simulate/mod.ts");
const { plugins } = await import("../../plugins/mod.ts");
const importMs = lapMs();
const reader = new ScenarioReader({
  err: () => {},
  readFile: (path) =>
    path === "script.yaml"
      ? Promise.resolve(new TextEncoder().encode(SCRIPT))
      : Deno.readFile(MANIFESTS),
  readFolder: () => Promise.resolve([]),
  resolve: (path) => path,
  readStandardInput: () => Promise.reject(new Error("Cannot read: there is no input")),
}, plugins);
const scenario = await reader.read(["manifests.yaml"], { script: "script.yaml", do: [], seed: 1 });
const readMs = lapMs();
const outcome = await simulate(scenario, { plugins });
const simulateMs = lapMs();
const text = renderTimeline(outcome);
const renderMs = lapMs();
const end = { exitCode: exitCodeOf(outcome), lines: text.split("\n").length };
const figures = { importMs, readMs, simulateMs, renderMs, ...end };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(figures)));
