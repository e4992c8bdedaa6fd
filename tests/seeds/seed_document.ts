/** Reading the documents that acceptance cases come from: steps with outputs, and event lists. */
import type { SeenEvent } from "./compare_events.ts";

/** A command of a document with the output that it shows; no output where it shows none. */
export interface DocumentStep {
  step: number;
  command: string;
  output?: string[];
}

/** What a document expects of a Service. */
export interface ServiceExpectation {
  step: number;
  service: string;
  selector: Record<string, string>;
  annotations: Record<string, string>;
}

/** A screen that a document shows, with what was done before and what Services were like then. */
export interface ScreenExpectation {
  step: number;
  /** Commands since the screen before. */
  after: string[];
  command: string;
  /** Lines as the document has them. */
  screen: string[];
  services: ServiceExpectation[];
}

const DESCRIBED_ROUTED = /^kubectl describe (?:virtualservices?|destinationrules?) \S+$/;

/** The steps of a document: sections `### N. …` with a command block and an output block. */
export function parseSteps(document: string): DocumentStep[] {
  return document.split(/^### (?=\d+\.)/m).slice(1).map((section) => {
    const step = Number.parseInt(section);
    const command = block(section, "sh")?.join("\n").trim();
    if (command === undefined) throw new Error(`Cannot read step ${step}: it has no command`);
    const output = block(section, "text");
    return { step, command, ...(output === undefined ? {} : { output }) };
  });
}

/** One document leaves two words out of a command, and prints the screen all the same. */
const SCREEN = /^kubectl (argo rollouts )?get rollout /;

/** The screens of a document in order, each with the Services described after it. */
export function screensOf(steps: readonly DocumentStep[]): ScreenExpectation[] {
  const screens: ScreenExpectation[] = [];
  let after: string[] = [];
  for (const { step, command, output } of steps) {
    const service = /^kubectl describe service (\S+)$/.exec(command)?.[1];
    if (output === undefined || command.startsWith("kubectl exec ")) {
      // What requests are answered is the pods' business.
      after.push(command);
    } else if (SCREEN.test(command)) {
      screens.push({ step, after, command, screen: output, services: [] });
      after = [];
    } else if (service !== undefined) {
      screens.at(-1)?.services.push({ step, service, ...parseDescribedService(output) });
    } else if (DESCRIBED_ROUTED.test(command) || command === "kubectl get service") {
      // The recorded states hold these objects whole.
      continue;
    } else {
      throw new Error(`Cannot read step ${step}: nothing is known of the output of "${command}"`);
    }
  }
  return screens;
}

// The name is taken from the command: one document prints another one than was asked for.
function parseDescribedService(
  output: readonly string[],
): Pick<ServiceExpectation, "selector" | "annotations"> {
  const fields = new Map<string, string[]>();
  let key = "";
  for (const line of output) {
    // The documents leave out the rest.
    if (line === "...") continue;
    const [, label = "", value = ""] = /^(?:(\S[^:]*):)?\s*(.*)$/.exec(line) ?? [];
    if (label !== "") key = label;
    if (value !== "" && value !== "<none>") fields.set(key, [...fields.get(key) ?? [], value]);
  }
  return {
    selector: pairs(fields.get("Selector")?.flatMap((value) => value.split(",")), "="),
    annotations: pairs(fields.get("Annotations"), ": "),
  };
}

function pairs(items: readonly string[] = [], separator: string): Record<string, string> {
  return Object.fromEntries(items.map((item) => {
    const end = item.indexOf(separator);
    return [item.slice(0, end), item.slice(end + separator.length)];
  }));
}

/** Events from lines of second, type, object, reason and message; `#` starts a remark. */
export function parseEvents(text: string): SeenEvent[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      // Columns are parted by two blanks or more; reasons may have one inside.
      const [, time, type, object, reason, message] =
        /^\s*(\d+)\s+(\S+)\s+(\S+)\s+(\S+(?: \S+)*)\s{2,}(.*)$/.exec(line) ?? [];
      if (!type || !object || !reason || message === undefined) {
        throw new Error(`Cannot read event: "${line}" has not five columns`);
      }
      return { time: Number(time), type, object, reason, message };
    });
}

function block(section: string, language: string): string[] | undefined {
  const match = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n?^\`\`\`$`, "m").exec(section);
  return match?.[1]?.split("\n");
}
