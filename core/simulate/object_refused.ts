/** An object of the scenario that the embedded cluster refuses to take. */
import type { KubeObject } from "../../sdk/api/object.ts";

/** Says why the cluster refused an object, and which one, so that its place can be told. */
export class ObjectRefused extends Error {
  override readonly name = "ObjectRefused";
  readonly object: KubeObject;

  constructor(object: KubeObject, reason: string) {
    super(reason);
    this.object = object;
  }
}
