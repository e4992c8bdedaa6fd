/** Places in an object, under the name that messages give them and where they really are. */

/** Where in an object: names of fields and indexes of items. */
export type FieldLocation = readonly (string | number)[];

export interface FieldPlace {
  /** `spec.template.spec.containers[0].name` */
  readonly path: string;
  /** `["spec", "template", "spec", "containers", 0, "name"]` */
  readonly location: FieldLocation;
}

/** The place at a path of plain names: `spec.replicas`. */
export function placeAt(path: string): FieldPlace {
  return { path, location: path.split(".") };
}

/** A field of the object at a place. */
export function child(place: FieldPlace, ...names: string[]): FieldPlace {
  return {
    path: [place.path, ...names].join("."),
    location: [...place.location, ...names],
  };
}

/** An item of the list at a place. */
export function item(place: FieldPlace, index: number): FieldPlace {
  return { path: `${place.path}[${index}]`, location: [...place.location, index] };
}

/** An entry of the map at a place, as messages write it: `resources.limits[cpu]`. */
export function entry(place: FieldPlace, key: string): FieldPlace {
  return { path: `${place.path}[${key}]`, location: [...place.location, key] };
}

/** The place of a location, under its own name. */
export function placeOf(location: FieldLocation): FieldPlace {
  return { path: pathText(location), location };
}

/** A path as people write it: `spec.strategy.canary.steps[0].setWeight`. */
export function pathText(path: FieldLocation): string {
  return path.reduce<string>((text, part, index) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (isAmounts(path[index - 1])) return `${text}[${part}]`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Whether the keys below are names of resources, which Kubernetes writes as `requests[memory]`. */
function isAmounts(part: string | number | undefined): boolean {
  return part === "requests" || part === "limits";
}
