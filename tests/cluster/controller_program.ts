/** `sluice controller` in a process of its own, under its own ServiceAccount, with its log kept. */
import { kubeconfig } from "./control_plane/settings.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { controllerToken } from "./service_account.ts";
import { until } from "./real_cluster.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A line of its log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ProgramOptions {
  /** Where its Lease is kept. */
  readonly namespace: string;
  /** The way to the API server; absent: straight. */
  readonly url?: string;
  readonly flags?: readonly string[];
  /** Who it is; absent: the ServiceAccount of `sluice manifests`. */
  readonly token?: string;
  /** Holds the token instead of its kubeconfig. */
  readonly tokenFile?: string;
}

/** The kubeconfig of the controller of a namespace; `tokenFile` instead of the token, if there. */
export async function writeKubeconfig(
  plane: ControlPlane,
  { namespace, url = plane.url, token = "", tokenFile }: ProgramOptions,
): Promise<string> {
  const file = `${plane.directory}/${namespace}.kubeconfig`;
  const config = JSON.parse(kubeconfig({ url, token, caPem: plane.caPem }));
  if (tokenFile !== undefined) config.users[0].user = { tokenFile };
  await Deno.writeTextFile(file, JSON.stringify(config));
  return file;
}

export class ControllerProgram {
  readonly #process: Deno.ChildProcess;
  readonly #lines: LogLine[] = [];
  readonly #read: Promise<void>;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#read = this.#follow(process.stderr);
  }

  /** Resolves when its caches are filled and it leads. */
  static async start(plane: ControlPlane, options: ProgramOptions): Promise<ControllerProgram> {
    const { namespace, flags = [] } = options;
    const token = options.token ?? await controllerToken(plane);
    const file = await writeKubeconfig(plane, { ...options, token });
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "-A", "--no-check", MAIN, "controller", "--kubeconfig", file],
        ...["--logformat=json", "--loglevel=debug", "--healthzPort=0", "--metricsPort=0", ...flags],
      ],
      env: { POD_NAMESPACE: namespace },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    return new ControllerProgram(process);
  }

  /** What it has said so far. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  async untilSaid(text: string): Promise<void> {
    const hasSaid = () => this.#lines.some(({ msg }) => msg.includes(text));
    await until(`the controller to say "${text}"`, () => Promise.resolve(hasSaid()));
  }

  /** Ends it on the spot, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
    await this.#read;
  }

  /** Asks it to stop, and gives the code with which it ended. */
  async stop(): Promise<number> {
    try {
      this.#process.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    const { code } = await this.#process.status;
    await this.#read;
    return code;
  }

  async #follow(output: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#lines.push(lineOf(line));
    }
  }
}

/** What is no line of a log is a fault that nobody foresaw. */
function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: "error", msg: text };
  }
}
