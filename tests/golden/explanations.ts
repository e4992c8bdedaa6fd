/** What `explain` says about every way to be stuck, word for word. */
import { explained } from "../core/cli/explain_world.ts";
import { JUDGED } from "../core/cli/judged_situations.ts";
import { STUCK } from "../core/cli/stuck_situations.ts";

export const EXPLANATIONS = new URL("explanations.txt", import.meta.url);

/** All of them, one below the other. */
export async function explanationsText(): Promise<string> {
  const texts: string[] = [];
  for (const { name, says: _, ...situation } of [...STUCK, ...JUDGED]) {
    texts.push(`## ${name}\n${await explained(situation)}`);
  }
  return texts.join("\n");
}

/** What was read and found right of one of them. */
export async function expectedExplanation(name: string): Promise<string> {
  const parts = (await Deno.readTextFile(EXPLANATIONS)).split(/^## /m);
  const found = parts.find((part) => part.startsWith(`${name}\n`));
  if (found === undefined) {
    throw new Error(`explanations.txt has no "${name}": run deno task golden:update, and read it`);
  }
  return `${found.slice(name.length + 1).trimEnd()}\n`;
}
