/** Which npm packages are inside the program. */
import { bundle } from "./bundle.ts";
import { run } from "./commands.ts";
import { ROOT } from "./paths.ts";

export interface Package {
  readonly name: string;
  readonly version: string;
  /** As the package states it: `MIT`. */
  readonly licence: string;
  /** Its licence in full; undefined: the package has none with it. */
  readonly text: string | undefined;
  /** The checksum of `deno.lock`. */
  readonly integrity: string;
}

/** Every package of which the bundle has a part, in the order of their names. */
export async function packagesInside(): Promise<Package[]> {
  const folder = await Deno.makeTempDir({ prefix: "sluice-bundle-" });
  try {
    await bundle({ folder, isReadable: true });
    const { npmCache } = JSON.parse(await run(Deno.execPath(), ["info", "--json"]));
    const ids = new Set<string>();
    for (const { name } of Deno.readDirSync(folder)) {
      for (const [, id = ""] of Deno.readTextFileSync(`${folder}/${name}`).matchAll(SOURCE)) {
        ids.add(id);
      }
    }
    const lock: Lock = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.lock`));
    return [...ids].sort().map((id) => packageOf(`${npmCache}/${id}`, lock));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The comment over each part; what follows `npm/` is registry, name and version. */
const SOURCE = /^\/\/ \S*?\/npm\/([^/\s]+\/(?:@[^/\s]+\/)?[^/\s]+\/[^/\s]+)\//gm;

interface Lock {
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
}

function packageOf(folder: string, lock: Lock): Package {
  const { name, version, license } = JSON.parse(Deno.readTextFileSync(`${folder}/package.json`));
  const id = `${name}@${version}`;
  const locked = Object.entries(lock.npm).find(([key]) => key === id || key.startsWith(`${id}_`))
    ?.[1];
  if (locked === undefined) throw new Error(`Cannot find ${id} in deno.lock`);
  if (typeof license !== "string") throw new Error(`Cannot tell the licence of ${id}`);
  return { name, version, licence: license, text: textIn(folder), integrity: locked.integrity };
}

function textIn(folder: string): string | undefined {
  const file = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name));
  if (file === undefined) return undefined;
  return Deno.readTextFileSync(`${folder}/${file}`).replaceAll("\r", "").trim();
}
