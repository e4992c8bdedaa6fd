/** The program helm, built once by Go's own tool chain. */

const MODULE = "helm.sh/helm/v3/cmd/helm";
const VERSION = "v3.19.0";

/** Runs helm in a world of its own; gives what it printed. @throws with what it complained about */
export async function helm(...args: string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "sluice-helm-" });
  try {
    const { success, stdout, stderr } = await new Deno.Command(await program(), {
      args,
      env: {
        HELM_CACHE_HOME: folder,
        HELM_CONFIG_HOME: folder,
        HELM_DATA_HOME: folder,
        KUBECONFIG: "/dev/null",
      },
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(`helm ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function program(): Promise<string> {
  const home = Deno.env.get("HOME");
  const root = Deno.env.get("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  if (!root) throw new Error("Cannot find the cache folder: XDG_CACHE_HOME and HOME are not set");
  const folder = `${root}/sluice/helm/${VERSION}`;
  const path = `${folder}/helm`;
  if (await Deno.stat(path).then(() => true, () => false)) return path;
  await Deno.mkdir(folder, { recursive: true });
  const { success, stderr } = await new Deno.Command("go", {
    args: ["install", "-ldflags", "-s -w", `${MODULE}@${VERSION}`],
    env: { CGO_ENABLED: "0", GOBIN: folder },
    stdin: "null",
  }).output();
  if (success) return path;
  throw new Error(`Cannot build helm ${VERSION}: ${new TextDecoder().decode(stderr).slice(-2000)}`);
}
