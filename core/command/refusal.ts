import type { ResourceType } from "../../sdk/wire/resource_type.ts";

/** A command that cannot be carried out, said in one sentence for the person who gave it. */
export class CommandRefused extends Error {
  override readonly name = "CommandRefused";
}

/** What the command is about is not there. */
export class ObjectNotFound extends CommandRefused {
  readonly type: ResourceType;
  readonly ref: { readonly namespace: string; readonly name: string };

  constructor(
    type: ResourceType,
    { namespace, name }: { readonly namespace: string; readonly name: string },
  ) {
    const place = type.namespaced ? ` in namespace "${namespace}"` : "";
    super(`${lowerFirst(type.kind)} "${name}" not found${place}`);
    this.type = type;
    this.ref = { namespace, name };
  }
}

function lowerFirst(kind: string): string {
  return `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
}
