/** The fields of AnalysisTemplates, ClusterAnalysisTemplates and AnalysisRuns. */
import { dryRun, measurementRetention, templateReferences } from "./common.ts";
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";
import { providers } from "./metric_providers.ts";

export function analysisTemplate(kit: Kit): Shape {
  const spec = () => ({
    metrics: metrics(kit, false),
    args: analysisArguments(kit),
    dryRun: dryRun(kit),
    measurementRetention: measurementRetention(kit),
    templates: templateReferences(kit, "Templates whose metrics are measured as well."),
  });
  return { spec: kit.object(spec, "What is measured.", { required: true }) };
}

export function analysisRun(kit: Kit): Shape {
  const spec = () => ({
    metrics: metrics(kit, true),
    args: analysisArguments(kit),
    terminate: kit.flag("Ends the run.", { default: false }),
    dryRun: dryRun(kit),
    measurementRetention: measurementRetention(kit),
    ttlStrategy: kit.object(
      () => ({
        secondsAfterCompletion: kit.whole("After any end.", { unit: "seconds" }),
        secondsAfterFailure: kit.whole("After a failure, instead.", { unit: "seconds" }),
        secondsAfterSuccess: kit.whole("After a success, instead.", { unit: "seconds" }),
      }),
      "How long the object is kept after its end; for ever, when absent.",
    ),
  });
  return {
    spec: kit.object(spec, "What is measured.", { required: true }),
    status: kit.object(() => runStatus(kit), "What came of it; written by the controller."),
  };
}

/** Arguments as templates declare them and runs carry them. */
export function analysisArguments(kit: Kit): Field {
  return kit.list(
    () => ({
      name: kit.text("Name of the argument; metrics use it as `{{args.name}}`.", {
        required: true,
      }),
      value: kit.text("The value, or the default of a template."),
      valueFrom: kit.object(
        () => ({
          secretKeyRef: kit.object(
            () => ({
              name: kit.text("Name of the Secret.", { required: true }),
              key: kit.text("Key in it.", { required: true }),
            }),
            "A value of a Secret, read at each measurement.",
          ),
          fieldRef: kit.object(
            () => ({ fieldPath: kit.text("Path of the field.", { required: true }) }),
            "A field of the Rollout; only a Rollout's own arguments may have it.",
          ),
        }),
        "Where the value is taken from, instead of `value`.",
      ),
    }),
    "Arguments of the metrics.",
  );
}

function metrics(kit: Kit, required: boolean): Field {
  const limit = (meaning: string, standard: number | string) =>
    kit.wholeOrText(meaning, { unit: "measurements", default: standard });
  return kit.list(
    () => ({
      name: kit.text("Name, unique in the run.", { required: true }),
      provider: providers(kit),
      interval: kit.text("Time between two measurements, such as `30s`."),
      initialDelay: kit.text("Time before the first one."),
      count: limit("Measurements to take.", "1, or no end with `interval`"),
      successCondition: kit.text("Expression over `result` that says: successful."),
      failureCondition: kit.text("Expression over `result` that says: failed."),
      failureLimit: limit("Failed ones that are allowed; -1 for any number.", 0),
      inconclusiveLimit: limit("Inconclusive ones that are allowed.", 0),
      consecutiveErrorLimit: limit("Errors in a row that are allowed.", 4),
      consecutiveSuccessLimit: limit("Successes in a row that end the metric well; 0: none do.", 0),
    }),
    "What is measured.",
    { required },
  );
}

function runStatus(kit: Kit): Shape {
  const count = (meaning: string) => kit.whole(meaning, { unit: "measurements" });
  return {
    phase: phase(kit),
    message: kit.text("Why the phase is what it is."),
    startedAt: kit.time("When the run began."),
    completedAt: kit.time("When it ended."),
    runSummary: summary(kit, "The metrics that decide, counted by phase."),
    dryRunSummary: summary(kit, "The metrics that only tell, counted by phase."),
    metricResults: kit.list(
      () => ({
        name: kit.text("Name of the metric.", { required: true }),
        phase: phase(kit),
        message: kit.text("Why it has that phase."),
        count: count("Measurements taken, errors aside."),
        successful: count("Successful ones."),
        failed: count("Failed ones."),
        inconclusive: count("Inconclusive ones."),
        error: count("Errors."),
        consecutiveError: count("Errors in a row up to now."),
        consecutiveSuccess: count("Successes in a row up to now."),
        dryRun: kit.flag("Whether the metric only tells."),
        metadata: kit.textMap("What the provider says of the metric."),
        measurements: measurements(kit),
      }),
      "How each metric is doing.",
    ),
  };
}

function phase(kit: Kit): Field {
  return kit.text("`Pending`, `Running`, `Successful`, `Failed`, `Error` or `Inconclusive`.", {
    required: true,
  });
}

function measurements(kit: Kit): Field {
  return kit.list(
    () => ({
      phase: phase(kit),
      message: kit.text("Why it has that phase."),
      value: kit.text("What was measured."),
      startedAt: kit.time("When it began."),
      finishedAt: kit.time("When it ended."),
      resumeAt: kit.time("When the provider is asked again."),
      metadata: kit.textMap("What the provider says of it."),
    }),
    "The latest measurements.",
  );
}

function summary(kit: Kit, meaning: string): Field {
  const metricsOf = (text: string) => kit.whole(text, { unit: "metrics" });
  return kit.object(
    () => ({
      count: metricsOf("All."),
      successful: metricsOf("Successful ones."),
      failed: metricsOf("Failed ones."),
      inconclusive: metricsOf("Inconclusive ones."),
      error: metricsOf("Those with errors."),
    }),
    meaning,
  );
}
