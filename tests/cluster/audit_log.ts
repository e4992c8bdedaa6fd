/** What a client wrote, out of the audit log of the API server. */
import type { ControlPlane } from "./control_plane/boot.ts";

/** One line of the audit log. */
export interface AuditLine {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestObject?: unknown;
  readonly responseStatus?: { readonly code?: number };
}

/** A write that the API server answered, events aside. */
export interface AuditedWrite {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly atMs: number;
  readonly body: unknown;
  readonly isRefused: boolean;
}

/** Who leads is not what a controller does. */
const UNTOLD = ["events", "leases"];

export function isRead(verb: string): boolean {
  return verb === "get" || verb === "list" || verb === "watch";
}

/** Everything that who calls itself by that name wrote, in the order of the answers. */
export async function auditedWrites(
  plane: ControlPlane,
  userAgent: string,
): Promise<AuditedWrite[]> {
  const text = await Deno.readTextFile(plane.auditLogPath);
  // The last line may be written at this moment.
  const lines = text.split("\n").slice(0, -1)
    .filter((line) => line.includes(`"userAgent":"${userAgent}"`));
  const own = lines.map((line) => JSON.parse(line) as AuditLine)
    .filter(({ verb, objectRef }) => !isRead(verb) && !UNTOLD.includes(objectRef?.resource ?? ""));
  return own.map(({ verb, objectRef, requestObject, requestReceivedTimestamp, responseStatus }) => {
    const { resource = "", subresource = "", namespace = "", name = "" } = objectRef ?? {};
    return {
      verb,
      resource,
      subresource,
      namespace,
      name,
      atMs: Date.parse(requestReceivedTimestamp),
      body: requestObject,
      isRefused: (responseStatus?.code ?? 0) >= 300,
    };
  });
}
