/** Finds a program, or takes it out of Debian's package. */

/** A program, the package that it is in, and the variable that names another. */
export interface DebianProgram {
  readonly program: string;
  readonly package: string;
  readonly variable: string;
}

/** The program; empty, and said so, where there is none: what needs it is skipped. */
export async function debianProgramPath(wanted: DebianProgram): Promise<string> {
  const found = await ensure(wanted);
  if ("path" in found) return found.path;
  const text = `Skipped: no ${wanted.program}. ${found.reason}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
  return "";
}

/**
 * The program that the variable names, one on the PATH, or that of Debian's package, which is
 * unpacked into the cache folder: nothing is installed, and no service is started.
 */
async function ensure(wanted: DebianProgram): Promise<{ path: string } | { reason: string }> {
  const given = Deno.env.get(wanted.variable);
  if (given) return { path: given };
  const onPath = await output("sh", ["-c", `command -v ${wanted.program}`]);
  if (onPath.success) return { path: onPath.text.trim() };
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/sluice/${wanted.package}`;
  const path = `${folder}/usr/bin/${wanted.program}`;
  if (await isFile(path)) return { path };
  const said = await unpackInto(folder, wanted.package);
  return await isFile(path) ? { path } : { reason: `Debian's package is out of reach: ${said}` };
}

/** Downloads and unpacks the package; says what went wrong. */
async function unpackInto(folder: string, name: string): Promise<string> {
  const work = await Deno.makeTempDir({ prefix: `${name}-` });
  try {
    const download = await output("apt-get", ["download", name], work);
    if (!download.success) return download.text;
    const [file] = [...Deno.readDirSync(work)].filter(({ name }) => name.endsWith(".deb"));
    if (file === undefined) return "apt-get downloaded nothing";
    // Renamed once it is complete, so that an unpacking that is cut off leaves nothing half.
    const unpacked = await output("dpkg", ["-x", file.name, "unpacked"], work);
    if (!unpacked.success) return unpacked.text;
    await Deno.mkdir(folder.replace(/\/[^/]*$/, ""), { recursive: true });
    const moved = await output("cp", ["-rT", `${work}/unpacked`, `${folder}.${Deno.pid}`]);
    if (!moved.success) return moved.text;
    await Deno.rename(`${folder}.${Deno.pid}`, folder).catch(() => {});
    return "";
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

interface Output {
  readonly success: boolean;
  readonly text: string;
}

async function output(program: string, args: string[], cwd?: string): Promise<Output> {
  try {
    const command = new Deno.Command(program, { args, ...(cwd === undefined ? {} : { cwd }) });
    const { success, stdout, stderr } = await command.output();
    const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
    return { success, text: success ? out ?? "" : errors?.split("\n").at(-1) ?? "" };
  } catch (error) {
    return { success: false, text: (error as Error).message };
  }
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((found) => found.isFile, () => false);
}
