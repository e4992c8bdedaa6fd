/** Preview: its Service selects the newest revision from the beginning, pods or not. */
import type { Write } from "../../engine/mod.ts";
import { selectWrite } from "../service.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

export function preview(situation: Situation): Verdict {
  const write = previewWrite(situation);
  if (write === undefined) return CONTINUE;
  const { currentHash } = situation.progress;
  return {
    effects: [write],
    progress: { previewHash: currentHash },
    then: "continue",
    why: `${write.ref.name} selects the newest revision`,
  };
}

/** Points the preview Service to the newest revision, whose set may still be on its way. */
export function previewWrite({ blueGreen, progress, world }: Situation): Write | undefined {
  const service = world.services.get(blueGreen?.previewService ?? "");
  if (service === undefined || progress.currentHash === "") return undefined;
  return selectWrite(world, service, progress.currentHash);
}
