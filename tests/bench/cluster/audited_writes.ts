/** What a client wrote, out of the audit log of the API server. */
import type { ControlPlane } from "../../cluster/control_plane/boot.ts";

/** How often, by `verb resource/subresource`; events are counted apart. */
export type Writes = Readonly<Record<string, number>>;

interface AuditLine {
  readonly verb: string;
  readonly userAgent?: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
}

/** Of clients whose user agent begins so. */
export async function writesSince(
  plane: ControlPlane,
  userAgent: string,
  sinceMs: number,
): Promise<{ writes: Writes; events: number }> {
  const text = await Deno.readTextFile(plane.auditLogPath);
  const writes: Record<string, number> = {};
  let events = 0;
  for (const line of text.trimEnd().split("\n")) {
    if (!line.includes(`"userAgent":"${userAgent}`)) continue;
    const audit = JSON.parse(line) as AuditLine;
    if (Date.parse(audit.requestReceivedTimestamp) < sinceMs) continue;
    const { resource = "", subresource } = audit.objectRef ?? {};
    if (resource === "events") {
      events++;
      continue;
    }
    const name = `${audit.verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
    writes[name] = (writes[name] ?? 0) + 1;
  }
  return { writes, events };
}
