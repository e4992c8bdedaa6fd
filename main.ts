/** The program: hands the process to the command line. */
import { type CalledAs, runProgram } from "./core/cli/mod.ts";
// Not through the door: behind it stands what loads Node's part of the runtime, which takes longer
// than all the rest of a short command.
import { systemClock } from "./core/cluster/system/clock.ts";
import { systemRandom } from "./core/cluster/system/random.ts";

const { args, env, stderr, stdin, stdout } = Deno;

const isTerminal = stdout.isTerminal();
const isDumb = env.get("TERM") === "dumb";

/** Where the user stands: a task runs in the repository's folder and says where it was called. */
const workingDirectory = env.get("INIT_CWD") ?? Deno.cwd();

function resolve(path: string): string {
  return path.startsWith("/") ? path : `${workingDirectory}/${path}`;
}

function write(stream: typeof stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
  } catch (error) {
    // The reader went away (`| head`): there is nobody left to tell.
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

async function readAll(): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stdin.readable).arrayBuffer());
}

async function readFolder(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries: { name: string; isFolder: boolean }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    entries.push({ name, isFolder: isDirectory });
  }
  return entries;
}

/** Read anew each time. Some terminals (of serial lines, of CI) say 0: they do not know. */
function terminalSize(): { columns: number | undefined; rows: number | undefined } {
  const unknown = { columns: undefined, rows: undefined };
  if (!isTerminal) return unknown;
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || undefined, rows: rows || undefined };
  } catch {
    return unknown;
  }
}

function onStop(callback: () => void): () => void {
  const signals: Deno.Signal[] = ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, callback);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, callback);
  };
}

function onStrayError(callback: (error: unknown) => void): () => void {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    callback(event.error ?? event.message);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    callback(event.reason);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
  };
}

/** Who starts the program through a script of another name hands that on. */
const isNamed = args[0] === "--called-as";
const words = isNamed ? args.slice(2) : args;

/** Loaded here, and not by those who say the name. */
const writtenName = async () => (await import("node:process")).default.argv0;

/** As kubectl starts its plugins: by a link, or another name of the program. */
const name = (isNamed ? args[1] ?? "" : await writtenName()).split(/[/\\]/).at(-1)
  ?.replace(/\.exe$/, "") ?? "";
const [, kind, plugin] = /^kubectl(-|_complete-)(argo[-_]rollouts|sluice)$/.exec(name) ?? [];

function calledAs(): CalledAs {
  if (plugin === undefined) return "sluice";
  return plugin === "sluice" ? "kubectl sluice" : "kubectl argo rollouts";
}

/** The image of Argo Rollouts' controller starts it so, with nothing but flags. */
const isController = name === "rollouts-controller";

/** kubectl asks such an executable how a command line can go on. */
const isCompletion = kind === "_complete-";

const verb = isCompletion ? ["__complete"] : isController ? ["controller"] : [];

const exitCode = await runProgram([...verb, ...words], {
  calledAs: calledAs(),
  build: {
    platform: `${Deno.build.os}/${Deno.build.arch}`,
    runtime: `deno ${Deno.version.deno}`,
  },
  out: (text) => write(stdout, text),
  err: (text) => write(stderr, text),
  isInteractive: isTerminal,
  size: terminalSize,
  hasColour: isTerminal && !isDumb && !env.get("NO_COLOR"),
  canRedraw: isTerminal && !isDumb,
  resolve,
  readFile: (path) => Deno.readFile(resolve(path)),
  readFolder: (path) => readFolder(resolve(path)),
  readStandardInput: readAll,
  environment: (name) => env.get(name),
  serviceAccountFolder: "/var/run/secrets/kubernetes.io/serviceaccount",
  clock: systemClock,
  random: systemRandom,
  onStop,
  onStrayError,
  plugins: async () => (await import("./plugins/mod.ts")).plugins,
});

// What a library left open must not keep a process that does nothing any more.
Deno.exit(exitCode);
