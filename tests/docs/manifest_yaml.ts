/** Manifests as YAML that people read, too. */
import { Document, isCollection, isMap, type Node, visit } from "yaml";
import type { KubeObject } from "../../sdk/api/object.ts";

/** What fits on a line stands on one: a field each, mostly. */
const LINE_LENGTH = 160;

/** An object as YAML for people. */
export function yamlOf(object: KubeObject): string {
  // Quoted so that readers of YAML 1.1, such as kubectl, see the same values.
  const document = new Document(object, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_key, node) => {
      if (isShort(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}

function isShort(node: Node): boolean {
  if (!isCollection(node) || JSON.stringify(node).length > LINE_LENGTH) return false;
  // A map of fields reads better with a line for each, even where they are few.
  return !isMap(node) || !node.has("properties");
}
