/** Finds the control plane's programs, or builds them with Go's own tool chain. */

import {
  linkerFlags,
  moduleFolder,
  type Program,
  type ProgramName,
  PROGRAMS,
  programVersion,
} from "./programs.ts";

/** The path of each program. */
export type Binaries = Readonly<Record<ProgramName, string>>;

/**
 * The programs from `KUBEBUILDER_ASSETS` if that folder has kube-apiserver and etcd, the rest and
 * else all from a cache folder outside the repository. What the cache lacks is built: minutes at
 * the first run, nothing later.
 */
export async function ensureBinaries(): Promise<Binaries> {
  const assets = await usableAssets();
  const cache = await cacheFolder();
  const paths: [ProgramName, string][] = [];
  for (const program of PROGRAMS) {
    const given = `${assets}/${program.name}`;
    if (assets !== undefined && await isFile(given)) paths.push([program.name, given]);
    else paths.push([program.name, await ensureBuilt(program, cache)]);
  }
  return Object.fromEntries(paths) as Record<ProgramName, string>;
}

/** One program by itself, from a cache folder of its version. */
export async function ensureProgram(program: Program): Promise<string> {
  const version = await programVersion(program);
  return await ensureBuilt(program, `${cacheRoot()}/${program.name}-${version.slice(1)}`);
}

async function usableAssets(): Promise<string | undefined> {
  const folder = Deno.env.get("KUBEBUILDER_ASSETS");
  if (!folder) return undefined;
  const isUsable = await isFile(`${folder}/kube-apiserver`) && await isFile(`${folder}/etcd`);
  if (isUsable) return folder;
  report(`Not using KUBEBUILDER_ASSETS: "${folder}" does not hold kube-apiserver and etcd\n`);
  return undefined;
}

/** One folder per set of versions, so that changing one never runs an old program. */
async function cacheFolder(): Promise<string> {
  const versions = new Map<string, string>();
  for (const program of PROGRAMS) {
    const name = program.folder === "kubernetes" ? "k8s" : program.name;
    versions.set(name, (await programVersion(program)).slice(1));
  }
  const key = ["k8s", "etcd", "kwok"].map((name) => `${name}-${versions.get(name)}`).join("_");
  return `${cacheRoot()}/control-plane/${key}`;
}

function cacheRoot(): string {
  const home = Deno.env.get("HOME");
  const root = Deno.env.get("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  if (!root) {
    throw new Error("Cannot find the cache folder: neither XDG_CACHE_HOME nor HOME is set");
  }
  return `${root}/sluice`;
}

async function ensureBuilt(program: Program, cache: string): Promise<string> {
  const path = `${cache}/${program.name}`;
  if (await isFile(path)) return path;
  await Deno.mkdir(cache, { recursive: true });
  // Built beside its place and renamed, so that a build that is cut off leaves no broken program.
  const unfinished = `${path}.${Deno.pid}.unfinished`;
  try {
    await build(program, unfinished);
    await Deno.rename(unfinished, path);
  } finally {
    await removeIfPresent(unfinished);
  }
  return path;
}

async function build(program: Program, output: string): Promise<void> {
  const version = await programVersion(program);
  const number = PROGRAMS.findIndex(({ name }) => name === program.name) + 1;
  const place = number === 0 ? "" : ` (${number} of ${PROGRAMS.length})`;
  report(`Building ${program.name} ${version}${place} ... `);
  const startedAtMs = performance.now();
  const flags = linkerFlags(program, version);
  const { success, stderr } = await runGo(program, ["-ldflags", flags, "-o", output]);
  if (!success) {
    const said = new TextDecoder().decode(stderr).trim().split("\n").slice(-20).join("\n");
    report(`failed\n${said}\n`);
    throw new Error(`Cannot build ${program.name}: "go build" failed in ${moduleFolder(program)}`);
  }
  report(`${Math.round((performance.now() - startedAtMs) / 1000)} s\n`);
}

async function runGo(program: Program, flags: string[]): Promise<Deno.CommandOutput> {
  const command = new Deno.Command("go", {
    args: ["build", ...flags, program.package],
    cwd: moduleFolder(program),
    env: { CGO_ENABLED: "0" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  try {
    return await command.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    report("failed\n");
    throw new Error(
      `Cannot build ${program.name}: there is no Go tool chain; install Go 1.26 or newer, ` +
        `or set KUBEBUILDER_ASSETS to a folder that holds ${
          PROGRAMS.map(({ name }) => name).join(", ")
        }`,
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function report(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
