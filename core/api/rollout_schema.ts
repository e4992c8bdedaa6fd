/**
 * The types of a Rollout's own fields: what an API server's schema refuses. Objects are loose,
 * so that nothing of others is lost, and a null counts as absent, as an API server prunes it.
 * Everything is built at the first check, since building costs more than checking.
 */
import * as z from "zod/mini";

type Shape = Record<string, z.ZodMiniType>;
type Kit = ReturnType<typeof buildKit>;

const ROLLOUT = z.lazy(() => buildRollout(buildKit()));

/** The schema of a Rollout, without its status. */
export function rolloutSchema(): z.ZodMiniType {
  return ROLLOUT;
}

/** The kinds of fields that come again and again; one node each, however often it is used. */
function buildKit() {
  const maybe = <Type extends z.ZodMiniType>(type: Type) => z.optional(z.nullable(type));
  const fields = (shape: Shape) => maybe(z.looseObject(shape));
  const list = (shape: Shape) => maybe(z.array(z.looseObject(shape)));
  const text = maybe(z.string());
  const textMap = maybe(z.record(z.string(), z.nullable(z.string())));
  const metadata = fields({ labels: textMap, annotations: textMap });
  const name = z.string();
  const whole = maybe(z.int32());
  return {
    maybe,
    fields,
    list,
    /** Required text. */
    name,
    /** Required whole number. */
    count: z.int32(),
    text,
    texts: maybe(z.array(z.string())),
    textMap,
    flag: maybe(z.boolean()),
    whole,
    time: maybe(z.iso.datetime({ offset: true })),
    wholeOrText: maybe(z.union([z.int32(), z.string()])),
    open: maybe(z.record(z.string(), z.unknown())),
    metadata,
    selector: fields({
      matchLabels: textMap,
      matchExpressions: list({ key: name, operator: name, values: maybe(z.array(z.string())) }),
    }),
    antiAffinity: fields({
      preferredDuringSchedulingIgnoredDuringExecution: fields({ weight: z.int32() }),
      requiredDuringSchedulingIgnoredDuringExecution: fields({}),
    }),
    arguments: list({
      name,
      value: text,
      valueFrom: fields({ podTemplateHashValue: text, fieldRef: fields({ fieldPath: name }) }),
    }),
    stringMatch: fields({ exact: text, prefix: text, regex: text }),
  };
}

function buildRollout(kit: Kit): z.ZodMiniType {
  const { maybe, fields, text, whole, flag } = kit;
  return z.looseObject({
    spec: z.looseObject({
      replicas: whole,
      selector: kit.selector,
      template: buildTemplate(kit),
      workloadRef: fields({ apiVersion: text, kind: text, name: text, scaleDown: text }),
      minReadySeconds: whole,
      revisionHistoryLimit: whole,
      progressDeadlineSeconds: whole,
      progressDeadlineAbort: flag,
      paused: flag,
      restartAt: kit.time,
      rollbackWindow: fields({ revisions: whole }),
      analysis: fields({ successfulRunHistoryLimit: whole, unsuccessfulRunHistoryLimit: whole }),
      strategy: fields({ canary: maybe(buildCanary(kit)), blueGreen: maybe(buildBlueGreen(kit)) }),
    }),
  });
}

/** Of the pod template only what we read ourselves; Kubernetes' own checks know the rest. */
function buildTemplate({ fields, metadata, list, text, open }: Kit): z.ZodMiniType {
  const containers = list({ name: text, image: text });
  return fields({
    metadata,
    spec: fields({ containers, initContainers: containers, nodeSelector: open }),
  });
}

function buildCanary(kit: Kit): z.ZodMiniType {
  const { fields, text, whole, name, count } = kit;
  return z.looseObject({
    canaryService: text,
    stableService: text,
    steps: kit.list(buildStep(kit)),
    trafficRouting: buildTrafficRouting(kit),
    maxUnavailable: kit.wholeOrText,
    maxSurge: kit.wholeOrText,
    analysis: fields({ ...buildAnalysis(kit), startingStep: whole }),
    antiAffinity: kit.antiAffinity,
    canaryMetadata: kit.metadata,
    stableMetadata: kit.metadata,
    scaleDownDelaySeconds: whole,
    scaleDownDelayRevisionLimit: whole,
    abortScaleDownDelaySeconds: whole,
    dynamicStableScale: kit.flag,
    pingPong: fields({ pingService: name, pongService: name }),
    minPodsPerReplicaSet: whole,
    replicaProgressThreshold: fields({ type: name, value: count }),
  });
}

function buildBlueGreen(kit: Kit): z.ZodMiniType {
  const { whole } = kit;
  const analysis = kit.fields(buildAnalysis(kit));
  return z.looseObject({
    activeService: kit.name,
    previewService: kit.text,
    previewReplicaCount: whole,
    autoPromotionEnabled: kit.flag,
    autoPromotionSeconds: whole,
    maxUnavailable: kit.wholeOrText,
    scaleDownDelaySeconds: whole,
    scaleDownDelayRevisionLimit: whole,
    abortScaleDownDelaySeconds: whole,
    prePromotionAnalysis: analysis,
    postPromotionAnalysis: analysis,
    antiAffinity: kit.antiAffinity,
    previewMetadata: kit.metadata,
    activeMetadata: kit.metadata,
  });
}

function buildAnalysis({ list, name, count, text, flag, ...kit }: Kit): Shape {
  return {
    templates: list({ templateName: text, clusterScope: flag }),
    args: kit.arguments,
    dryRun: list({ metricName: name }),
    measurementRetention: list({ metricName: name, limit: count }),
    analysisRunMetadata: kit.metadata,
  };
}

function buildStep(kit: Kit): Shape {
  const { fields, list, name, text, whole, stringMatch } = kit;
  return {
    setWeight: whole,
    pause: fields({ duration: kit.wholeOrText }),
    experiment: buildExperiment(kit),
    analysis: fields(buildAnalysis(kit)),
    setCanaryScale: fields({ weight: whole, replicas: whole, matchTrafficWeight: kit.flag }),
    setHeaderRoute: fields({
      name: text,
      match: list({
        headerName: name,
        headerValue: z.looseObject({ exact: text, prefix: text, regex: text }),
      }),
    }),
    setMirrorRoute: fields({
      name,
      match: list({
        method: stringMatch,
        path: stringMatch,
        headers: kit.maybe(z.record(z.string(), stringMatch)),
      }),
      percentage: whole,
    }),
    plugin: fields({ name, config: kit.open }),
  };
}

function buildExperiment(kit: Kit): z.ZodMiniType {
  const { fields, list, name, text, whole, flag } = kit;
  return fields({
    templates: z.array(z.looseObject({
      name,
      specRef: name,
      replicas: whole,
      metadata: kit.metadata,
      selector: kit.selector,
      weight: whole,
      service: fields({ name: text }),
    })),
    duration: text,
    analyses: list({
      name,
      templateName: name,
      clusterScope: flag,
      args: kit.arguments,
      requiredForCompletion: flag,
    }),
    dryRun: list({ metricName: name }),
    analysisRunMetadata: kit.metadata,
    scaleDownDelaySeconds: whole,
  });
}

/** Routers' own fields are theirs to check: here they are open objects. */
function buildTrafficRouting({ fields, list, open, whole, name }: Kit): z.ZodMiniType {
  return fields({
    istio: open,
    nginx: open,
    alb: open,
    smi: open,
    ambassador: open,
    appMesh: open,
    traefik: open,
    apisix: open,
    plugins: open,
    managedRoutes: list({ name }),
    maxTrafficWeight: whole,
  });
}
