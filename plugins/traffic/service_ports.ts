/** The ports of Services that routes send to. */
import type { FieldRemark, ObjectReader, ObjectReference } from "../../sdk/traffic_router.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";

/** What a route sends to. */
export interface Target {
  /** A Service of the route's namespace. */
  readonly service: string;
  /** By number or name; what is not set is no matter. */
  readonly port: unknown;
}

/** The ports that the Services at hand do not have, each told once. */
export function portRemarks(
  route: ObjectReference,
  targets: readonly Target[],
  objects: ObjectReader,
): FieldRemark[] {
  const { type: { kind }, namespace, name, location } = route;
  const texts = targets.flatMap(({ service, port }) => {
    if (typeof port !== "number" && textOf(port) === "") return [];
    const type = { group: "", kind: "Service" };
    const found = objects.find({
      type,
      name: service,
      ...(namespace === undefined ? {} : { namespace }),
    });
    const ports = listOf(fieldsOf(found?.["spec"])["ports"]).map(fieldsOf);
    // A Service that stands for a name elsewhere has no ports.
    if (ports.length === 0 || ports.some((each) => [each["port"], each["name"]].includes(port))) {
      return [];
    }
    const [from, to] = [name, service].map((text) => JSON.stringify(text));
    return [`${kind} ${from} sends to port ${port} of Service ${to}, which has no such port`];
  });
  return [...new Set(texts)].map((text) => ({ location, text }));
}
