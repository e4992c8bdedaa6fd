/** Stories: folders beside this file, each with a scenario, a script, and the timeline of both. */
import { ScenarioReader } from "../../core/cli/scenario_reader.ts";
import { simulate } from "../../core/simulate/mod.ts";
import { timelineText } from "./timeline_text.ts";
import { plugins } from "../../plugins/mod.ts";

/** The folder of all stories. */
const FOLDER = new URL(".", import.meta.url);

/** Folders of other goldens. */
const NO_STORIES = ["findings", "tables"];

/** The names of all stories, sorted. */
export function storyNames(): string[] {
  return [...Deno.readDirSync(FOLDER)]
    .filter(({ isDirectory, name }) => isDirectory && !NO_STORIES.includes(name))
    .map(({ name }) => name)
    .sort();
}

/** Where the timeline of a story is kept. */
export function timelineFile(name: string): URL {
  return new URL(`${name}/timeline.txt`, FOLDER);
}

/** Plays a story and gives its timeline. */
export async function play(name: string): Promise<string> {
  const reader = new ScenarioReader({
    err: () => {},
    readFile: (path) => Deno.readFile(new URL(`${name}/${path}`, FOLDER)),
    readFolder: () => Promise.resolve([]),
    resolve: (path) => path,
    readStandardInput: () => Promise.reject(new Error("Cannot read: a story has no input")),
  }, plugins);
  const options = { script: "script.yaml", do: [], seed: 1 };
  return timelineText(await simulate(await reader.read(["scenario.yaml"], options), { plugins }));
}
