/** What every plugin says of itself; each kind's own contract extends it. */

export type PluginKind = "traffic" | "metrics" | "notify" | "step";

export interface Plugin {
  readonly kind: PluginKind;
  /** Its key in a Rollout or AnalysisTemplate, e.g. `istio` or `prometheus`. */
  readonly name: string;
}
