/** `provider.job` of a metric. */
import type { Fields } from "../../../sdk/wire/json.ts";

export interface JobConfig {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Of the Job, as Kubernetes has it. */
  readonly spec?: Fields;
}
