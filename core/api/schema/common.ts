/** Fields that several kinds have. */
import type { Field, Kit, ListNote, Note, ObjectNote, Shape } from "../../../sdk/fields/kit.ts";

/** A label selector. */
export function selector(kit: Kit, meaning?: string, note?: ObjectNote): Field {
  const shape = () => ({
    matchLabels: kit.textMap("Labels that an object must have, with these values."),
    matchExpressions: kit.list(
      () => ({
        key: kit.text("Label that is looked at.", { required: true }),
        operator: kit.text("`In`, `NotIn`, `Exists` or `DoesNotExist`.", { required: true }),
        values: kit.texts("Values for `In` and `NotIn`."),
      }),
      "Conditions on labels; all must hold.",
    ),
  });
  return kit.object(shape, meaning, { atomic: true, ...note });
}

/** Labels and annotations to put on other objects. */
export function metadata(kit: Kit, meaning?: string, note?: Note): Field {
  return kit.object(
    () => ({ labels: kit.textMap("Labels."), annotations: kit.textMap("Annotations.") }),
    meaning,
    note,
  );
}

/** Metrics that are measured and told, but decide nothing. */
export function dryRun(kit: Kit): Field {
  return kit.list(
    () => ({
      metricName: kit.text("Regular expression for names of metrics.", { required: true }),
    }),
    "Metrics that are measured and told but never fail a run.",
  );
}

/** How many measurements are kept. */
export function measurementRetention(kit: Kit): Field {
  return kit.list(
    () => ({
      metricName: kit.text("Regular expression for names of metrics.", { required: true }),
      limit: kit.whole("Measurements of such a metric that are kept.", {
        required: true,
        unit: "measurements",
        range: "1 or more",
      }),
    }),
    "How many measurements are kept in the status of a run, 10 where nothing is said.",
  );
}

/** References to templates of analyses. */
export function templateReferences(kit: Kit, meaning: string): Field {
  return kit.list(
    () => ({
      templateName: kit.text("Name of the template."),
      clusterScope: kit.flag("Whether it is a ClusterAnalysisTemplate.", { default: false }),
    }),
    meaning,
  );
}

/** Conditions of a Rollout or an Experiment. */
export function conditions(kit: Kit, types: string): Field {
  return kit.list(
    () => ({
      type: kit.text(types, { required: true }),
      status: kit.text("`True`, `False` or `Unknown`.", { required: true }),
      reason: kit.text("The reason in one word.", { required: true }),
      message: kit.text("The reason in a sentence.", { required: true }),
      lastUpdateTime: kit.time("When it was last refreshed.", { required: true }),
      lastTransitionTime: kit.time("When `status` last changed.", { required: true }),
    }),
    "What is known of the object, one entry a type.",
  );
}

/** A list whose items have a name. */
export function named(kit: Kit, shape: () => Shape, note?: ListNote & ObjectNote): Field {
  return kit.list(shape, undefined, { keys: ["name"], ...note });
}
