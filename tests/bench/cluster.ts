/** What fleets of Rollouts cost on a real control plane: see `USAGE`. */
import { measureServed, measureSettled } from "./cluster/settled.ts";
import { sumOf } from "./cluster/audited_writes.ts";
import { measure, type RunFigures } from "./cluster/run.ts";

const USAGE = `deno task bench:cluster [SIZE...] [--plain | --routed | --settled | --served]

What fleets of Rollouts cost on a real control plane, beside the same pods as Deployments.
Default: 100 and 400 of them, without and with Istio.

  --plain    without Istio alone
  --routed   with Istio alone
  --settled  what Rollouts cost that need nothing; default: 1000 and 10000 of them
  --served   the same, with a server that only serves them in place of the control plane
  --help     prints this`;
const FLAGS = ["--plain", "--routed", "--settled", "--served", "--help"];

const sizes = Deno.args.filter((arg) => /^\d+$/.test(arg)).map(Number);
const isOnly = (flag: string) => Deno.args.includes(flag);
const routings = [false, true].filter((isRouted) =>
  isRouted ? !isOnly("--plain") : !isOnly("--routed")
);

const HEADINGS = [
  ...["N", "routing", "created s", "updated s", "CPU s (update)", "RSS idle/peak/after MB"],
  ...["writes", "events", "then writes, CPU s", "CPU at rest", "Deployments created/updated s"],
];

function rowOf(count: number, isRouted: boolean, figures: RunFigures): string[] {
  return [
    String(count),
    isRouted ? "Istio" : "no",
    figures.createdS.toFixed(1),
    figures.updatedS.toFixed(1),
    figures.updateCpuS.toFixed(1),
    [figures.idleMb, figures.peakMb, figures.settledMb].map((mb) => mb.toFixed(0)).join(" / "),
    (sumOf(figures.writes) / count).toFixed(2),
    (figures.events / count).toFixed(2),
    `${(figures.lastWrites / count).toFixed(2)}, ${figures.lastCpuS.toFixed(1)}`,
    `${figures.restCpuPercent.toFixed(1)} %`,
    [figures.floorCreatedS, figures.floorUpdatedS].map((s) => s.toFixed(1)).join(" / "),
  ];
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function printFleets(): Promise<void> {
  print(`| ${HEADINGS.join(" | ")} |\n|${HEADINGS.map(() => "---").join("|")}|`);
  for (const count of sizes.length > 0 ? sizes : [100, 400]) {
    for (const isRouted of routings) {
      const figures = await measure({ count, isRouted });
      print(`| ${rowOf(count, isRouted, figures).join(" | ")} |`);
      const writes = Object.entries(figures.writes).sort(([, one], [, other]) => other - one);
      print(
        `  per Rollout: ${writes.map(([of, n]) => `${(n / count).toFixed(2)} ${of}`).join(", ")}`,
      );
    }
  }
}

async function printSettled(measureThem = measureSettled): Promise<void> {
  for (const count of sizes.length > 0 ? sizes : [1_000, 10_000]) {
    const { createdS, readyS, readyCpuS, rssMb, peakMb, restCpuPercent, writes } =
      await measureThem(count);
    print(
      `${count} settled: created ${createdS.toFixed(1)} s; after a restart at rest in ` +
        `${readyS.toFixed(1)} s (CPU ${readyCpuS.toFixed(1)} s), RSS ${rssMb.toFixed(0)} MB, ` +
        `peak ${peakMb.toFixed(0)} MB, ${writes} writes, CPU at rest ${
          restCpuPercent.toFixed(1)
        } %`,
    );
  }
}

const unknown = Deno.args.find((arg) => !FLAGS.includes(arg) && !/^\d+$/.test(arg));
if (unknown !== undefined) {
  print(`Cannot measure: "${unknown}" is neither a size nor a flag\n\n${USAGE}`);
  Deno.exit(1);
}
if (isOnly("--help")) print(USAGE);
else if (isOnly("--served")) await printSettled(measureServed);
else await (isOnly("--settled") ? printSettled() : printFleets());
Deno.exit(0);
