/** The controller in a process of its own. */
import type { ElectionTimes } from "../../core/controller/mod.ts";
import type { SeenEvent } from "../seeds/compare.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

/** The line by which a process tells that its caches are filled. */
export const READY = '"ready"';

export interface OwnProcessOptions {
  /** What it calls itself at the API server. */
  readonly userAgent: string;
  /** The one that it serves. */
  readonly namespace: string;
  /** It agrees with others on who acts; absent: it acts. */
  readonly times?: ElectionTimes;
  /** Is told when its caches are filled. */
  readonly onReady?: () => void;
  /** Is told of every event that it records. */
  readonly onEvent?: (event: SeenEvent) => void;
}

export function startControllerProcess(
  plane: ControlPlane,
  { userAgent, namespace, times, onReady = () => {}, onEvent = () => {} }: OwnProcessOptions,
): Deno.ChildProcess {
  const main = new URL("controller_process.ts", import.meta.url).pathname;
  const settings = [plane.url, plane.token, userAgent, namespace, plane.caPem];
  if (times !== undefined) settings.push(JSON.stringify(times));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", main, ...settings],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  readEvents(process.stdout, { onEvent, onReady });
  return process;
}

/** Waits until it is gone. */
export async function killProcess(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGKILL");
  } catch {
    // It is gone.
  }
  await process.status;
}

async function readEvents(
  output: ReadableStream<Uint8Array>,
  { onEvent, onReady }: { onEvent: (event: SeenEvent) => void; onReady: () => void },
): Promise<void> {
  let rest = "";
  for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === READY) onReady();
      else onEvent(JSON.parse(line) as SeenEvent);
    }
  }
}
