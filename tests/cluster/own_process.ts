/** The controller in a process of its own, under its own ServiceAccount. */
import type { ElectionTimes } from "../../core/controller/mod.ts";
import type { SeenEvent } from "../seeds/compare.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { BUNDLE_START, bundled } from "./bundled.ts";
import { controllerToken } from "./service_account.ts";

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
  /** As it is released, not as it is written. */
  readonly isBundled?: boolean;
  /** Is told of every event that it records. */
  readonly onEvent?: (event: SeenEvent) => void;
}

export async function startControllerProcess(
  plane: ControlPlane,
  { isBundled = false, onReady = () => {}, onEvent = () => {}, ...options }: OwnProcessOptions,
): Promise<Deno.ChildProcess> {
  const { userAgent, namespace, times } = options;
  const token = await controllerToken(plane);
  const source = new URL("controller_process.ts", import.meta.url).pathname;
  const main = isBundled ? await bundled(plane, source) : source;
  const settings = [plane.url, token, userAgent, namespace, plane.caPem];
  if (times !== undefined) settings.push(JSON.stringify(times));
  const process = new Deno.Command(Deno.execPath(), {
    args: [...isBundled ? BUNDLE_START : ["run", "-A", "--no-check"], main, ...settings],
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
