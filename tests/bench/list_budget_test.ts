/** What a list of all Rollouts of a big cluster may cost, as a ratio to the yardstick. */
import assert from "node:assert/strict";
import { bundle } from "../../build/bundle.ts";
import { RUNTIME_PERMISSIONS } from "../../build/permissions.ts";
import { ListedServer } from "./many_listed.ts";
import { compare, ms, typicalMs, YARDSTICK_MS } from "./yardstick.ts";

const ROLLOUTS = 10_000;
/** As many objects as the client asks for at once. */
const PAGES = ROLLOUTS / 500;
/** Two seconds of a person's time, half of them for the way to the server. */
const BUDGET_MS = 1000;
const FIGURES = new URL("figures_at_exit.ts", import.meta.url).pathname;

interface ListFigures {
  readonly cpuMs: number;
  readonly peakRssMb: number;
  readonly wallMs: number;
}

/** Runs the program as it is released, in a process of its own. */
async function measureList(
  { main, kubeconfig, server }: { main: string; kubeconfig: string; server: ListedServer },
): Promise<ListFigures> {
  const start = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-config", `--preload=${FIGURES}`, ...RUNTIME_PERMISSIONS, main],
      ...["list", "rollouts", "-A", "--kubeconfig", kubeconfig],
    ],
    stdin: "null",
  }).output();
  const wallMs = performance.now() - start;
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(code, 0, err);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.length, ROLLOUTS + 1);
  assert.match(lines[1] ?? "", /^team-0 +web-\d+ +Canary +\w+ +\d\/8 +\d+ +5\/5 +5 +2 +5 *$/);
  assert.deepEqual(server.takeRequests(), {
    "GET /apis/argoproj.io/v1alpha1/rollouts": PAGES,
  });
  return { ...JSON.parse(err) as { cpuMs: number; peakRssMb: number }, wallMs };
}

Deno.test(`list rollouts -A of ${ROLLOUTS} takes less than ${BUDGET_MS} ms of CPU where the yardstick takes ${YARDSTICK_MS} ms`, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await bundle({ folder: `${folder}/bundle` });
    await using server = new ListedServer(ROLLOUTS);
    const kubeconfig = `${folder}/kubeconfig`;
    await Deno.writeTextFile(kubeconfig, server.kubeconfig);
    const main = `${folder}/bundle/main.js`;
    const { scaledMs, runs, yardstick } = await compare({
      budgetMs: BUDGET_MS,
      pairs: 3,
      pairsMax: 12,
      measure: () => measureList({ main, kubeconfig, server }),
      costMs: ({ cpuMs }) => cpuMs,
    });
    const peakRssMb = Math.min(...runs.map((run) => run.peakRssMb));
    const figures = `${ms(scaledMs)} of ${BUDGET_MS} ms, scaled; on this machine ` +
      `${ms(typicalMs(runs.map(({ cpuMs }) => cpuMs)))} ms, yardstick ${
        ms(typicalMs(yardstick))
      } ms, wall ${ms(Math.min(...runs.map(({ wallMs }) => wallMs)))} ms; ` +
      `peak RSS ${peakRssMb.toFixed(0)} MB; ${runs.length} pairs`;
    await Deno.stderr.write(new TextEncoder().encode(`CPU of listing ${ROLLOUTS}: ${figures}\n`));
    assert.ok(scaledMs < BUDGET_MS, figures);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
