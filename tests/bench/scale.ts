/** `deno task bench`: what simulations of many Rollouts cost, and how that grows with their number. */
import { measureScale, perRolloutMs, type ScaleFigures } from "./scale_figures.ts";

const SIZES = [100, 200, 500, 1000];
const HEADINGS = ["Rollouts", "wall s", "CPU s", "CPU ms/Rollout", "growth", "writes", "RSS MB"];

const rows = [HEADINGS];
let first: ScaleFigures | undefined;
for (const size of SIZES) {
  const figures = await measureScale(size);
  first ??= figures;
  rows.push([
    String(size),
    (figures.wallMs / 1000).toFixed(1),
    (figures.cpuMs / 1000).toFixed(1),
    perRolloutMs(figures).toFixed(1),
    `${(perRolloutMs(figures) / perRolloutMs(first)).toFixed(2)}x`,
    String(figures.writes),
    figures.rssMb.toFixed(0),
  ]);
}
const widths = HEADINGS.map((_, column) =>
  Math.max(...rows.map((row) => row[column]?.length ?? 0))
);
const lines = rows.map((row) =>
  row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  ")
);
const text = `Rollouts of 5 replicas, every second one with Istio, created and then all updated\n${
  lines.join("\n")
}\n`;
await Deno.stdout.write(new TextEncoder().encode(text));
