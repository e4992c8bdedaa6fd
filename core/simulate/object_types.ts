/** Values of a wrong type in the objects beside the Rollouts, as an API server refuses them. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { checkingKit, type Expected, type ExpectedFields } from "../../sdk/fields/checking_kit.ts";
import type { Shape } from "../../sdk/fields/kit.ts";
import { valueProblems } from "../../sdk/fields/type_problems.ts";
import { pathText } from "../../sdk/wire/field_place.ts";
import { selector } from "../api/schema/common.ts";
import { experiment } from "../api/schema/experiment.ts";
import { EXPECTED_TEMPLATE } from "../api/schema/expected_fields.ts";

/** The first wrong value of an object, in one sentence; undefined: there is none. */
export function typeProblemOf(object: KubeObject): string | undefined {
  const expected: Expected = {
    type: "object",
    isRequired: true,
    fields: () => ({ metadata: METADATA, ...FIELDS[object.kind]?.() }),
  };
  const [problem] = valueProblems(object, expected);
  return problem === undefined ? undefined : `${pathText(problem.path)}: ${problem.message}`;
}

const kit = checkingKit();
const text = kit.text("");
const needed = kit.text("", { required: true });
const whole = kit.whole("");
const flag = kit.flag("");
const amount = kit.wholeOrText("");
const texts = kit.texts("");
const textMap = kit.textMap("");

function objectOf(shape: () => Shape): Expected {
  return kit.object(shape, "") as Expected;
}

const METADATA = objectOf(() => ({
  name: text,
  generateName: text,
  namespace: text,
  labels: textMap,
  annotations: textMap,
  finalizers: texts,
  ownerReferences: kit.list(() => ({
    apiVersion: needed,
    kind: needed,
    name: needed,
    uid: needed,
    controller: flag,
    blockOwnerDeletion: flag,
  }), ""),
}));

/** A pod template with what its schema leaves open and a cluster reads all the same. */
const TEMPLATE: Expected = {
  ...EXPECTED_TEMPLATE,
  fields: () => ({ ...EXPECTED_TEMPLATE.fields?.(), metadata: METADATA, spec: POD_SPEC }),
};
const POD_SPEC: Expected = {
  type: "object",
  isRequired: false,
  fields: () => ({
    ...EXPECTED_TEMPLATE.fields?.()["spec"]?.fields?.(),
    volumes: kit.list(() => ({ name: needed }), "") as Expected,
  }),
};
const SET_FIELDS: Shape = {
  replicas: whole,
  minReadySeconds: whole,
  selector: selector(kit, ""),
  template: TEMPLATE as unknown as Shape[string],
};

/** The fields besides apiVersion, kind and metadata, of each kind that plays a part. */
const FIELDS: Readonly<Record<string, () => ExpectedFields>> = {
  Experiment: () => experiment(kit) as unknown as ExpectedFields,
  ReplicaSet: () => ({ spec: objectOf(() => SET_FIELDS) }),
  Deployment: () => ({
    spec: objectOf(() => ({
      ...SET_FIELDS,
      paused: flag,
      revisionHistoryLimit: whole,
      progressDeadlineSeconds: whole,
      strategy: kit.object(() => ({
        type: text,
        rollingUpdate: kit.object(() => ({ maxSurge: amount, maxUnavailable: amount }), ""),
      }), ""),
    })),
  }),
  Pod: () => ({ spec: POD_SPEC }),
  PodTemplate: () => ({ template: TEMPLATE }),
  Service: () => ({
    spec: objectOf(() => ({
      type: text,
      clusterIP: text,
      clusterIPs: texts,
      externalIPs: texts,
      externalName: text,
      ipFamilies: texts,
      ipFamilyPolicy: text,
      sessionAffinity: text,
      publishNotReadyAddresses: flag,
      selector: textMap,
      ports: kit.list(() => ({
        name: text,
        port: kit.whole("", { required: true }),
        targetPort: amount,
        protocol: text,
        nodePort: whole,
        appProtocol: text,
      }), ""),
    })),
  }),
  PodDisruptionBudget: () => ({
    spec: objectOf(() => ({
      minAvailable: amount,
      maxUnavailable: amount,
      unhealthyPodEvictionPolicy: text,
      selector: selector(kit, ""),
    })),
  }),
  ResourceQuota: () => ({
    spec: objectOf(() => ({ hard: kit.quantityMap(""), scopes: texts })),
  }),
  ConfigMap: () =>
    ({ data: textMap, binaryData: textMap, immutable: flag }) as unknown as ExpectedFields,
  Namespace: () => ({ spec: objectOf(() => ({ finalizers: texts })) }),
};
