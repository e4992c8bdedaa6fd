import { debianProgramPath } from "../debian_program.ts";

/** The program Prometheus; empty, and said so, where there is none: what needs it is skipped. */
export async function prometheusPath(): Promise<string> {
  const [program, variable] = ["prometheus", "PROMETHEUS"];
  return await debianProgramPath({ program, package: program, variable });
}
