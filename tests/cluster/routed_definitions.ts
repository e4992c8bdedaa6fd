/** The definitions of the kinds that traffic routers steer, as Istio and the Gateway API ship them. */
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../sdk/api/object.ts";

const ISTIO = "istio.io/api@v1.27.0";
const GATEWAY_API = "sigs.k8s.io/gateway-api@v1.4.0";

/** VirtualServices and DestinationRules. */
export async function istioDefinitions(): Promise<KubeObject[]> {
  const folder = await downloaded(ISTIO);
  const all = await definitionsIn(`${folder}/kubernetes/customresourcedefinitions.gen.yaml`);
  return ["virtualservices", "destinationrules"].map((plural) =>
    definitionOf(all, `${plural}.networking.istio.io`)
  );
}

/** All kinds of routes. */
export async function gatewayDefinitions(): Promise<KubeObject[]> {
  const folder = await downloaded(GATEWAY_API);
  const plurals = ["httproutes", "grpcroutes", "tcproutes", "tlsroutes"];
  return await Promise.all(plurals.map(async (plural) => {
    const group = "gateway.networking.k8s.io";
    const path = `${folder}/config/crd/experimental/${group}_${plural}.yaml`;
    return definitionOf(await definitionsIn(path), `${plural}.${group}`);
  }));
}

async function definitionsIn(path: string): Promise<KubeObject[]> {
  const documents = parseAllDocuments(await Deno.readTextFile(path));
  return documents.map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

function definitionOf(all: readonly KubeObject[], name: string): KubeObject {
  const found = all.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`Cannot find the definition of ${name}`);
  return found;
}

/** The folder of a Go module, which Go's own tool chain checks and keeps. */
async function downloaded(module: string): Promise<string> {
  const command = new Deno.Command("go", {
    args: ["mod", "download", "-json", module],
    stdout: "piped",
    stderr: "piped",
  });
  const { stdout } = await command.output();
  const { Dir: folder, Error: error } = JSON.parse(new TextDecoder().decode(stdout));
  if (typeof folder !== "string") throw new Error(`Cannot download ${module}: ${error}`);
  return folder;
}
