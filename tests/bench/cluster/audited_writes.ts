/** What a client wrote, out of the audit log of the API server. */
import type { ControlPlane } from "../../cluster/control_plane/boot.ts";

/** How often, by `verb resource/subresource`; events are counted apart. */
export type Writes = Readonly<Record<string, number>>;

/** All of them. */
export function sumOf(writes: Writes): number {
  return Object.values(writes).reduce((sum, some) => sum + some, 0);
}

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

const LOOK_MS = 1_000;

/** Resolves once such a client has sent nothing for so long. */
export async function untilQuiet(
  plane: ControlPlane,
  userAgent: string,
  quietMs: number,
): Promise<void> {
  let size = (await Deno.stat(plane.auditLogPath)).size;
  for (let quietForMs = 0; quietForMs < quietMs; quietForMs += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    // The log is long: only what is new in it is read.
    const grown = await bytesFrom(plane.auditLogPath, size);
    size += grown.byteLength;
    const text = new TextDecoder().decode(grown);
    if (text.includes(`"userAgent":"${userAgent}`)) quietForMs = -LOOK_MS;
  }
}

/** What a file holds from there on. */
async function bytesFrom(path: string, start: number): Promise<Uint8Array> {
  const file = await Deno.open(path);
  await file.seek(start, Deno.SeekMode.Start);
  // Read to its end, it is closed.
  return await new Response(file.readable).bytes();
}
