/** The steps of a canary. */
import { dryRun, metadata, selector } from "./common.ts";
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";
import { analysisFields, rolloutArguments } from "./rollout_analysis.ts";

export function steps(kit: Kit): Field {
  return kit.list(
    () => ({
      setWeight: kit.whole("Share of the traffic, or of the pods, for the newest revision.", {
        unit: "% (or parts of `maxTrafficWeight`)",
        range: "0 to 100",
      }),
      pause: kit.object(
        () => ({
          duration: kit.wholeOrText("How long: seconds as a number, or `30s`, `10m`, `1h30m`.", {
            unit: "seconds, or as said",
            default: "until somebody promotes",
          }),
        }),
        "Waits.",
      ),
      experiment: experimentStep(kit),
      analysis: kit.object(
        () => analysisFields(kit),
        "Runs an analysis and waits for its verdict.",
      ),
      setCanaryScale: kit.object(
        () => ({
          weight: kit.whole("Share of `replicas`.", { unit: "%", range: "0 to 100" }),
          replicas: kit.whole("Pods.", { unit: "pods", range: "0 or more" }),
          matchTrafficWeight: kit.flag("Whether the size follows the weight again.", {
            default: false,
          }),
        }),
        "Sizes the canary apart from its traffic; only with `trafficRouting`.",
      ),
      setHeaderRoute: headerRoute(kit),
      setMirrorRoute: mirrorRoute(kit),
      plugin: kit.object(
        () => ({
          name: kit.text("Name of the plugin, `namespace/name`.", { required: true }),
          config: kit.open("What the plugin is told."),
        }),
        "Runs a step plugin.",
      ),
    }),
    "What an update does, in order; without steps it goes on as a rolling update.",
  );
}

function headerRoute(kit: Kit): Field {
  return kit.object(
    () => ({
      name: kit.text("Name of the route; one of `trafficRouting.managedRoutes`."),
      match: kit.list(
        () => ({
          headerName: kit.text("The header.", { required: true }),
          headerValue: kit.object(() => stringMatch(kit), "What it must hold.", { required: true }),
        }),
        "Requests that take the route; without any the route is taken away.",
      ),
    }),
    "Sends requests with certain headers to the canary.",
  );
}

function mirrorRoute(kit: Kit): Field {
  const match = (meaning: string) => kit.object(() => stringMatch(kit), meaning);
  return kit.object(
    () => ({
      name: kit.text("Name of the route; one of `trafficRouting.managedRoutes`.", {
        required: true,
      }),
      match: kit.list(
        () => ({
          method: match("The method."),
          path: match("The path."),
          headers: kit.objectMap(() => stringMatch(kit), "Headers by name."),
        }),
        "Requests that are copied; without any the route is taken away.",
      ),
      percentage: kit.whole("Share of these requests.", {
        unit: "%",
        range: "0 to 100",
        default: 100,
      }),
    }),
    "Sends copies of requests to the canary.",
  );
}

function stringMatch(kit: Kit): Shape {
  return {
    exact: kit.text("Equal to this."),
    prefix: kit.text("Beginning with this."),
    regex: kit.text("Matching this regular expression."),
  };
}

function experimentStep(kit: Kit): Field {
  return kit.object(
    () => ({
      templates: kit.list(
        () => ({
          name: kit.text("Name of the set of pods.", { required: true }),
          specRef: kit.text("Whose pod template it has: `canary` or `stable`.", { required: true }),
          replicas: kit.whole("Pods.", { unit: "pods", default: 1 }),
          metadata: metadata(kit, "Labels and annotations of the pods, besides the template's."),
          selector: selector(kit, "Selector of the pods, instead of the Rollout's."),
          weight: kit.whole("Share of the traffic; taken from stable's.", {
            unit: "%",
            range: "0 to 100",
          }),
          service: kit.object(
            () => ({
              name: kit.text("Name of the Service.", { default: "that of the ReplicaSet" }),
            }),
            "Makes a Service for the pods.",
          ),
        }),
        "Sets of pods that run side by side.",
        { required: true },
      ),
      duration: kit.text("How long they run, such as `5m`.", {
        default: "until the analyses are done",
      }),
      analyses: kit.list(
        () => ({
          name: kit.text("Name of the analysis.", { required: true }),
          templateName: kit.text("Template with the metrics.", { required: true }),
          clusterScope: kit.flag("Whether it is a ClusterAnalysisTemplate.", { default: false }),
          args: rolloutArguments(kit),
          requiredForCompletion: kit.flag("Whether the experiment waits for it.", {
            default: false,
          }),
        }),
        "Analyses while they run.",
      ),
      dryRun: dryRun(kit),
      analysisRunMetadata: metadata(kit, "Labels and annotations of the runs."),
      scaleDownDelaySeconds: kit.whole("How long the pods stay after the experiment.", {
        unit: "seconds",
        default: 30,
      }),
    }),
    "Runs an Experiment and waits for its end.",
  );
}
