/**
 * The npm package of the program: the bundle, and the package `deno` as what runs it. Every name
 * of the program is the same file, which hands on under which one it was called.
 */
import { VERSION } from "../core/cli/version.ts";
import { bundle } from "./bundle.ts";
import { run, say } from "./commands.ts";
import { CONTROLLER_FLAGS } from "./controller_flags.ts";
import { RELEASE, ROOT } from "./paths.ts";
import { RUNTIME_PERMISSIONS } from "./permissions.ts";

export const PACKAGE = "@sluice/cli";

/** The program, and the names under which kubectl finds it. */
const NAMES = [
  "sluice",
  "kubectl-sluice",
  "kubectl-argo-rollouts",
  "kubectl_complete-sluice",
  "kubectl_complete-argo-rollouts",
];

const README = `# Sluice

Releases software on Kubernetes in measured steps: a drop-in replacement for Argo Rollouts.

    npx ${PACKAGE} demo
    npm install -g ${PACKAGE}
    sluice --help

Installed globally it is also the plugin \`kubectl argo rollouts\` (and \`kubectl sluice\`).
\`sluice version --licenses\` tells what is inside.
`;

/** Writes the tarball into a folder, and gives its path. */
export async function packNpm(folder = RELEASE): Promise<string> {
  const work = await Deno.makeTempDir({ prefix: "sluice-npm-" });
  try {
    const home = `${work}/package`;
    await bundle({ folder: `${home}/dist` });
    await Deno.mkdir(`${home}/bin`);
    await Deno.writeTextFile(`${home}/bin/sluice.cjs`, await launcher(), { mode: 0o755 });
    await Deno.writeTextFile(
      `${home}/package.json`,
      `${JSON.stringify(await manifest(), null, 2)}\n`,
    );
    await Deno.writeTextFile(`${home}/README.md`, README);
    await Deno.copyFile(`${ROOT}/LICENSE`, `${home}/LICENSE`);
    await Deno.mkdir(folder, { recursive: true });
    const tarball = `${folder}/sluice-cli-${VERSION}.tgz`;
    await run("tar", ["-czf", tarball, "-C", work, "package"]);
    return tarball;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

function manifest(): Record<string, unknown> {
  return {
    name: PACKAGE,
    version: VERSION,
    description: "A drop-in replacement for Argo Rollouts: controller, kubectl plugin, simulator",
    license: "Apache-2.0",
    bin: Object.fromEntries(NAMES.map((name) => [name, "bin/sluice.cjs"])),
    files: ["bin", "dist"],
    // The runtime that the tests ran with: another may behave in another way.
    dependencies: { deno: Deno.version.deno },
    engines: { node: ">=18" },
  };
}

/** For Node, since that is what npm's links start. */
export async function launcher(): Promise<string> {
  const template = await Deno.readTextFile(`${ROOT}/build/npm_launcher.cjs`);
  const listed = (flags: readonly string[]) => flags.map((each) => `"${each}"`).join(", ");
  return template
    .replace('"RUNTIME_PERMISSIONS"', listed(RUNTIME_PERMISSIONS))
    .replace('"CONTROLLER_FLAGS"', listed(CONTROLLER_FLAGS));
}

if (import.meta.main) say(await packNpm());
