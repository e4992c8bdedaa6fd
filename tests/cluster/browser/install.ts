/** Finds Chromium on this machine, or has Debian's package installed. */

const PROGRAMS = ["chromium", "chromium-browser"];
const PACKAGES = ["chromium", "fonts-dejavu-core"];

/** The path of the program; undefined, and why, where it cannot be had. */
export async function findChromium(): Promise<{ program?: string; reason: string }> {
  const found = await programPath();
  if (found !== undefined) return { program: found, reason: "" };
  const update = await run("apt-get", "update", "--quiet");
  const failed = update ??
    await run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", ...PACKAGES);
  const program = await programPath();
  if (program !== undefined) return { program, reason: "" };
  return { reason: failed ?? "Debian's package chromium brought no program of that name" };
}

async function programPath(): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of PROGRAMS) {
      try {
        if ((await Deno.stat(`${folder}/${name}`)).isFile) return `${folder}/${name}`;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
  return undefined;
}

/** Undefined when it went well; otherwise why not. */
async function run(program: string, ...args: string[]): Promise<string | undefined> {
  try {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const command = new Deno.Command(program, { args, env, stdout: "null", stderr: "piped" });
    const { success, stderr } = await command.output();
    const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    return success ? undefined : `${program} ${args[0]} failed: ${said}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `there is no ${program}`;
    throw error;
  }
}
