/** The Lease as the cluster has it: who leads, for how long, and since when. */
import { LEASES } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import type { ObjectRef } from "../../../sdk/wire/write.ts";

/**
 * What a Lease says. Its times were read from the clock of its holder: no term is measured by them,
 * but they tell since when nobody acted.
 */
export interface LeaseRecord {
  /** Undefined: nobody has it, or it was released. */
  readonly holder: string | undefined;
  /** How long after a renewal nobody else may take it; undefined: it does not say. */
  readonly durationMs: number | undefined;
  readonly acquireTime: string | undefined;
  readonly renewTime: string | undefined;
  /** How often it has gone from one holder to another. */
  readonly transitions: number;
}

export function recordOf(lease: KubeObject): LeaseRecord {
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } =
    fieldsOf(lease["spec"]);
  const isDuration = typeof leaseDurationSeconds === "number" && leaseDurationSeconds > 0;
  return {
    holder: textOf(holderIdentity),
    durationMs: isDuration ? leaseDurationSeconds * 1000 : undefined,
    acquireTime: textOf(acquireTime),
    renewTime: textOf(renewTime),
    transitions: typeof leaseTransitions === "number" ? leaseTransitions : 0,
  };
}

/** The Lease that says so: a new one, or the present one with all else that is in it. */
export function leaseWith(
  record: LeaseRecord,
  { ref, present }: { readonly ref: ObjectRef; readonly present: KubeObject | undefined },
): KubeObject {
  return {
    apiVersion: apiVersionOf(LEASES),
    kind: LEASES.kind,
    metadata: present?.metadata ?? { ...ref },
    spec: {
      ...fieldsOf(present?.["spec"]),
      holderIdentity: record.holder ?? "",
      leaseDurationSeconds: Math.ceil((record.durationMs ?? 0) / 1000),
      acquireTime: record.acquireTime,
      renewTime: record.renewTime,
      leaseTransitions: record.transitions,
    },
  };
}

/** A time as Leases have it: `2030-01-01T00:00:00.000000Z`. */
export function microTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(/Z$/, "000Z");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
