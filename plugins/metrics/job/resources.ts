/** What the provider reads and writes. */
import { defineResource } from "../../../sdk/wire/resource_type.ts";

export const JOBS = defineResource("batch", "v1", "jobs", "Job");
export const PODS = defineResource("", "v1", "pods", "Pod");

/** On the Job and its pods: the run that they belong to. */
export const RUN_UID_LABEL = "analysisrun.argoproj.io/uid";

/** On the Job: what it measures. */
export const METRIC_ANNOTATIONS = Object.freeze({
  run: "analysisrun.argoproj.io/name",
  namespace: "analysisrun.argoproj.io/namespace",
  metric: "analysisrun.argoproj.io/metric-name",
});

/** The Job of a measurement, in the measurement's metadata. */
export const NAME = "job-name";
