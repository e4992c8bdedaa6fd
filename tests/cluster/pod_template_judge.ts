/** Asks Kubernetes' own validation about pod templates, without a server. */
import { fileURLToPath } from "node:url";
import type { Json } from "../../sdk/wire/json.ts";

/** Where the program stands, beside the go.mod that pins Kubernetes' version. */
const MODULE = fileURLToPath(new URL("control_plane/go/kubernetes", import.meta.url));

/** What the API server says of each template; nothing where it creates a ReplicaSet with it. */
export async function judgePodTemplates(templates: readonly Json[]): Promise<string[][]> {
  const program = new Deno.Command("go", {
    args: ["run", "./pod_template_judge"],
    cwd: MODULE,
    env: { CGO_ENABLED: "0" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = templates.map((template) => `${JSON.stringify(template)}\n`);
  const input = new Blob(lines).stream().pipeTo(program.stdin);
  const [{ success, stdout }] = await Promise.all([program.output(), input]);
  if (!success) throw new Error(`Cannot judge pod templates: "go run" failed in ${MODULE}`);
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}
