/** Running other programs, and saying what came of it. */

export function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ends the process with what went wrong, in its own words, and no trace of where it came up. */
export async function asProgram(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    Deno.stderr.writeSync(new TextEncoder().encode(`Error: ${messageOf(error)}\n`));
    Deno.exit(1);
  }
}

/** Runs a program and gives what it printed. @throws with its errors when it fails */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...options,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return out;
  throw new Error(`Cannot ${program} ${args.slice(0, 2).join(" ")}: ${err.trim() || out.trim()}`);
}
