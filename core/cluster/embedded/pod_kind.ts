import { PODS } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isFields, listOf } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import { isSameBut } from "./json.ts";
import { podChangeProblems, podSpecProblems } from "./pod_problems.ts";
import { storedPodSpec, tidied } from "./pod_template.ts";

/** Nodes that fail keep their pods for five minutes. */
const TOLERATIONS = ["not-ready", "unreachable"].map((taint) => ({
  key: `node.kubernetes.io/${taint}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

/** Pods, with what admission adds to their specs. */
export const POD_KIND: Kind = Object.freeze<Kind>({
  type: PODS,
  isCustom: false,
  hasStatus: true,
  generation: "spec",
  // Placing a pod is none of its owner's wishes.
  uncountedField: "nodeName",
  selectableFields: {
    "status.phase": (pod) => fieldsOf(pod["status"])["phase"],
    "status.podIP": (pod) => fieldsOf(pod["status"])["podIP"],
    "spec.nodeName": (pod) => fieldsOf(pod["spec"])["nodeName"],
    "spec.restartPolicy": (pod) => fieldsOf(pod["spec"])["restartPolicy"],
    "spec.schedulerName": (pod) => fieldsOf(pod["spec"])["schedulerName"],
    "spec.serviceAccountName": (pod) => fieldsOf(pod["spec"])["serviceAccountName"],
  },
  stored(object, { before }) {
    const spec = object["spec"];
    return {
      spec: isAdmitted(spec, before?.["spec"]) ? spec : admittedSpec(spec),
      status: storedStatus(fieldsOf(object["status"]), fieldsOf(before?.["status"])),
    };
  },
  firstStatus: (pod) => ({ phase: "Pending", qosClass: qualityOf(pod) }),
  problems(pod, before) {
    // What is stored was looked at before.
    if (isAdmitted(pod["spec"], before?.["spec"])) return [];
    const problems = podSpecProblems(fieldsOf(pod["spec"]), "spec");
    return before === undefined ? problems : [...problems, ...podChangeProblems(pod, before)];
  },
  unreadable: () => undefined,
});

/** True for a spec that is stored already, or is only being given its node. */
function isAdmitted(spec: unknown, stored: unknown): boolean {
  if (stored === undefined) return false;
  if (spec === stored) return true;
  const { nodeName } = fieldsOf(spec);
  return typeof nodeName === "string" && fieldsOf(stored)["nodeName"] === undefined &&
    isSameBut("nodeName", fieldsOf(spec), fieldsOf(stored));
}

function admittedSpec(written: unknown): Fields {
  const spec = storedPodSpec(tidied(written));
  spec["containers"] = listOf(spec["containers"]).map((item) => withRequests(fieldsOf(item)));
  spec["tolerations"] = withTolerations(listOf(spec["tolerations"]));
  spec["priority"] ??= 0;
  spec["enableServiceLinks"] ??= true;
  spec["preemptionPolicy"] ??= "PreemptLowerPriority";
  return spec;
}

/** What is limited but not requested is requested up to the limit. */
function withRequests(container: Fields): Fields {
  const resources = fieldsOf(container["resources"]);
  if (!isFields(resources["limits"])) return container;
  const requests = { ...resources["limits"], ...fieldsOf(resources["requests"]) };
  return { ...container, resources: { ...resources, requests } };
}

function withTolerations(own: readonly unknown[]): unknown[] {
  const isTolerated = (key: string) =>
    own.some((item) => {
      const toleration = fieldsOf(item);
      const isEveryKey = toleration["key"] === undefined && toleration["operator"] === "Exists";
      const isEveryEffect = toleration["effect"] === undefined;
      return (toleration["key"] === key || isEveryKey) &&
        (isEveryEffect || toleration["effect"] === "NoExecute");
    });
  return [...own, ...TOLERATIONS.filter(({ key }) => !isTolerated(key))];
}

/** Times of conditions are stored also when they are not known. */
function storedStatus(status: Fields, old: Fields): Fields {
  if (status === old) return status;
  const stored: Fields = { ...status };
  for (const key in stored) {
    if (stored[key] === null) delete stored[key];
  }
  stored["phase"] ??= old["phase"];
  stored["qosClass"] ??= old["qosClass"];
  if (Array.isArray(stored["conditions"])) {
    stored["conditions"] = stored["conditions"].map((condition) => ({
      lastProbeTime: null,
      lastTransitionTime: null,
      ...fieldsOf(condition),
    }));
  }
  if (Array.isArray(stored["containerStatuses"])) {
    stored["containerStatuses"] = stored["containerStatuses"].map((container) => ({
      lastState: {},
      ...fieldsOf(container),
    }));
  }
  return stored;
}

/** Guaranteed: all is limited and requested alike; BestEffort: nothing is asked for. */
function qualityOf(pod: KubeObject): string {
  const spec = fieldsOf(pod["spec"]);
  const all = [...listOf(spec["initContainers"]), ...listOf(spec["containers"])]
    .map((item) => fieldsOf(fieldsOf(item)["resources"]));
  let isAnyAsked = false;
  let isGuaranteed = true;
  for (const { limits, requests } of all) {
    for (const name of ["cpu", "memory"]) {
      const limit = fieldsOf(limits)[name];
      const request = fieldsOf(requests)[name];
      if (limit !== undefined || request !== undefined) isAnyAsked = true;
      if (limit === undefined || limit !== request) isGuaranteed = false;
    }
  }
  if (!isAnyAsked) return "BestEffort";
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
