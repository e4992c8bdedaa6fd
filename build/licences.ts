/** What is inside the program, and on which terms: for people, and for programs that check it. */
import { VERSION } from "../core/cli/version.ts";
import { say } from "./commands.ts";
import { ROOT } from "./paths.ts";
import { type Package, packagesInside } from "./packages.ts";

/** What `sluice version --licenses` prints. */
export const LICENCES = `${ROOT}/core/cli/licences.txt`;

/** The list, and below it each text once. */
export function licencesText(packages: readonly Package[]): string {
  const width = Math.max(...packages.map((each) => idOf(each).length));
  const list = packages.map((each) => `${idOf(each).padEnd(width)}  ${each.licence}\n`).join("");
  const texts = Map.groupBy(packages, ({ text }) => text);
  const sections = [...texts].flatMap(([text, of]) =>
    text === undefined ? [] : [`${RULE}\n${of.map(idOf).join(", ")}\n\n${text}\n`]
  );
  return `Sluice is licensed under Apache-2.0. It contains these packages:\n\n${list}\n` +
    "Deno, which runs it, is licensed under MIT: https://github.com/denoland/deno\n\n" +
    sections.join("\n");
}

const RULE = "-".repeat(80);

function idOf({ name, version }: Package): string {
  return `${name} ${version}`;
}

/** The same as a CycloneDX document. */
export function sbom(packages: readonly Package[]): Record<string, unknown> {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        name: "sluice",
        version: VERSION,
        licenses: [{ license: { id: "Apache-2.0" } }],
      },
    },
    components: [
      runtime(),
      ...packages.map(({ name, version, licence, integrity }) => ({
        type: "library",
        name,
        version,
        purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
        licenses: [{ license: { id: licence } }],
        hashes: [{ alg: "SHA-512", content: hexOf(integrity) }],
      })),
    ],
  };
}

/** It is in every executable, and what the npm package runs on. */
function runtime(): Record<string, unknown> {
  const version = Deno.version.deno;
  return {
    type: "platform",
    name: "deno",
    version,
    purl: `pkg:github/denoland/deno@v${version}`,
    licenses: [{ license: { id: "MIT" } }],
  };
}

/** `sha512-` and base64, as lock files have it. */
function hexOf(integrity: string): string {
  return Uint8Array.fromBase64(integrity.replace(/^sha512-/, "")).toHex();
}

if (import.meta.main) {
  const packages = await packagesInside();
  if (Deno.args[0] === "--sbom") say(JSON.stringify(sbom(packages), null, 2));
  else await Deno.writeTextFile(LICENCES, licencesText(packages));
}
