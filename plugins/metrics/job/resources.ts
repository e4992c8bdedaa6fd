/** What the provider reads and writes. */
import { defineResource } from "../../../sdk/wire/resource_type.ts";

export const JOBS = defineResource("batch", "v1", "jobs", "Job");
export const PODS = defineResource("", "v1", "pods", "Pod");
