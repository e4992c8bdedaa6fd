/** The last act of a pass: one patch of the status, made on what the pass was decided on. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { WriteOptions } from "../ports/cluster.ts";
import { DampedError } from "./damping.ts";
import type { HeldReports } from "./held_reports.ts";
import { type Key, refOfKey } from "./key.ts";
import { equalJson } from "./merge_patch.ts";
import { isNormal, isStale, noticing } from "./refusal.ts";
import { patchStatement } from "./statement.ts";
import { type Status, statusPatch } from "./status_patch.ts";
import { lookAgain, patchObject, type WritePorts } from "./write.ts";

/**
 * `held`: it waits for a moment, and says nothing that anybody acts on. `failed`: the pass has to
 * be repeated, and its events were not earned.
 */
export type StatusOutcome = "written" | "unchanged" | "held" | "failed";

/**
 * A kind without the subresource takes its status as a part of the object; one with it ignores such
 * a part without a word, and has no other way in.
 */
export type StatusPlace = "subresource" | "object";

/** The status that a pass decided on. */
export interface StatusReport {
  readonly key: Key;
  readonly type: ResourceType;
  /** The object as it was when the pass looked. */
  readonly before: KubeObject | undefined;
  /** The whole wanted status; undefined: leave it alone. */
  readonly status: Status | undefined;
  /** Where this kind takes its status. */
  readonly statusIn: StatusPlace;
  /** What of a status must not wait; absent: all of it. */
  readonly promptPart?: ((status: Status) => unknown) | undefined;
}

export interface ReportPorts extends WritePorts {
  readonly held: HeldReports;
}

export async function reportStatus(
  report: StatusReport,
  ports: ReportPorts,
): Promise<StatusOutcome> {
  const { key, before, status } = report;
  if (before === undefined || status === undefined) return "unchanged";
  const present = (before["status"] ?? {}) as Status;
  const news = statusPatch(present, status);
  const due = news !== undefined && mayWait(report, { present, status })
    ? ports.held.hold(key, status)
    : status;
  if (due === undefined) return "held";
  const patch = due === status ? news : statusPatch(present, due);
  const outcome = patch === undefined ? "unchanged" : await write(report, { before, patch }, ports);
  if (outcome !== "failed") ports.held.release(key);
  return outcome;
}

function mayWait(
  { promptPart }: StatusReport,
  { present, status }: { present: Status; status: Status },
): boolean {
  return promptPart !== undefined && equalJson(promptPart(present), promptPart(status));
}

async function write(
  { key, type, statusIn }: StatusReport,
  { before, patch }: { before: KubeObject; patch: Status },
  ports: WritePorts,
): Promise<StatusOutcome> {
  const ref = refOfKey(key);
  const present = ports.caches.of(type).at(key);
  // What somebody said meanwhile, an abort for instance, was not known when this was decided.
  if (present === undefined || !isSameBasis(before, present)) return "failed";
  const { resourceVersion } = present.metadata;
  const body = { metadata: { resourceVersion }, status: patch };
  const change = { type, ref, patch: { type: "merge", body } } as const;
  const statement = patchStatement(change, change.patch, { isStatus: true });
  const grounds = { present: before, primary: before };
  try {
    ports.damping.check(key, statement, grounds);
    ports.fence?.check();
    const options: WriteOptions = statusIn === "object" ? {} : { subresource: "status" };
    const { hadEffect } = await noticing(
      (error) => ports.damping.noteRefusal(key, statement, { error, ...grounds }),
      () => patchObject(key, { ...change, decidedOn: resourceVersion }, ports, options),
    );
    if (hadEffect) ports.damping.note(key, statement, grounds);
    return hadEffect ? "written" : "failed";
  } catch (error) {
    if (error instanceof DampedError) return "failed";
    if (!(error instanceof Error)) throw error;
    if (isStale(error)) await lookAgain(type, ref, ports);
    if (!isNormal(error)) throw error;
    return "failed";
  }
}

/** True when the object differs at most in what no status depends on: its other metadata. */
function isSameBasis(before: KubeObject, present: KubeObject): boolean {
  if (before === present) return true;
  const { uid, generation } = before.metadata;
  return uid === present.metadata.uid && generation === present.metadata.generation &&
    equalJson(before["status"], present["status"]);
}
