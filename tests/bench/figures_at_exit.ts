/** Loaded before a program: at its end it writes what the process took, as the last line. */
import process from "node:process";

globalThis.addEventListener("unload", () => {
  const { user, system } = process.cpuUsage();
  const figures = {
    cpuMs: (user + system) / 1000,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
  Deno.stderr.writeSync(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
});
