import { ENDPOINT_SLICES, PODS, SERVICES } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue } from "./condition.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import { type Fields, fieldsOf, isFields, listOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { SelectorIndex } from "./label_index.ts";
import { type LabelSelector, mapSelectorOf } from "../../api/values/label_selector.ts";
import type { Change } from "./store.ts";

const SERVICE_NAME = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslice-controller.k8s.io";
const HEADLESS = "service.kubernetes.io/headless";

/** Keeps one EndpointSlice for each Service that selects pods. */
export class Endpoints {
  readonly #cluster: InCluster;
  readonly #pods: Kind;
  readonly #services: Kind;
  readonly #slices: Kind;
  readonly #selectors = new WeakMap<object, LabelSelector>();
  /** Which Services select a pod. */
  readonly #bySelector = new SelectorIndex();
  /** Has the endpoints of a Service looked at, by its uid. */
  readonly #soon: (uid: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#pods = cluster.kinds.find(PODS);
    this.#services = cluster.kinds.find(SERVICES);
    this.#slices = cluster.kinds.find(ENDPOINT_SLICES);
    this.#soon = cluster.work.once((uid) => this.#reconcile(uid));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object, before }: Change): void {
    if (kind === this.#services) {
      const isGone = type === "DELETED";
      this.#bySelector.set(object, isGone ? undefined : this.#selectorOf(object));
      if (!isGone) this.#soon(object.metadata.uid ?? "");
    } else if (kind === this.#slices) {
      if (type !== "DELETED") return;
      for (const { uid } of object.metadata.ownerReferences ?? []) {
        const owner = this.#cluster.store.byUid(uid);
        if (owner?.kind === this.#services) this.#soon(uid);
      }
    } else if (kind === this.#pods) {
      const { namespace, labels } = object.metadata;
      const old = before?.metadata.labels;
      const services = new Set(this.#bySelector.selecting(namespace, labels));
      if (before !== undefined && old !== labels) {
        for (const uid of this.#bySelector.selecting(namespace, old)) services.add(uid);
      }
      for (const uid of services) this.#soon(uid);
    }
  }

  #reconcile(uid: string): void {
    const { api, store, podLabels } = this.#cluster;
    const service = store.byUid(uid)?.object;
    if (service === undefined || service.metadata.deletionTimestamp !== undefined) return;
    const selector = this.#selectorOf(service);
    if (selector === undefined) return;
    const { namespace } = service.metadata;
    const pods = podLabels.selected(selector, namespace).filter(isReachable);
    const wanted = sliceOf(service, pods);
    const present = store.ownedBy(uid).find(({ kind }) => kind === this.#slices)?.object;
    if (present === undefined) {
      api.create(CONTROLLER_MANAGER, ENDPOINT_SLICES, wanted);
      return;
    }
    const { labels } = wanted.metadata;
    const isKept = isSameJson(labels, present.metadata.labels) &&
      isSameJson(wanted["endpoints"], present["endpoints"]) &&
      isSameJson(wanted["ports"], present["ports"]);
    if (isKept) return;
    const metadata = { ...present.metadata, ...(labels && { labels }) };
    api.update(CONTROLLER_MANAGER, ENDPOINT_SLICES, { ...wanted, metadata });
  }

  /** Undefined for a Service that selects nothing: its endpoints are somebody else's. */
  #selectorOf(service: KubeObject): LabelSelector | undefined {
    const { selector } = fieldsOf(service["spec"]);
    if (!isFields(selector)) return undefined;
    let parsed = this.#selectors.get(selector);
    if (parsed === undefined) this.#selectors.set(selector, parsed = mapSelectorOf(selector));
    return parsed;
  }
}

function isReachable(pod: KubeObject): boolean {
  const { podIP, phase } = fieldsOf(pod["status"]);
  return podIP !== undefined && phase !== "Succeeded" && phase !== "Failed";
}

function sliceOf(service: KubeObject, pods: readonly KubeObject[]): KubeObject {
  const { name, namespace, uid = "" } = service.metadata;
  const spec = fieldsOf(service["spec"]);
  const isHeadless = spec["clusterIP"] === "None";
  const isAnyReady = spec["publishNotReadyAddresses"] === true;
  const [first] = pods;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: {
        ...service.metadata.labels,
        [MANAGED_BY]: MANAGER,
        [SERVICE_NAME]: name,
        ...(isHeadless && { [HEADLESS]: "" }),
      },
      ownerReferences: [{
        apiVersion: "v1",
        kind: "Service",
        name,
        uid,
        controller: true,
        blockOwnerDeletion: true,
      }],
    } as unknown as KubeObject["metadata"],
    addressType: "IPv4",
    endpoints: first === undefined ? null : pods.map((pod) => endpointOf(pod, isAnyReady)),
    ports: first === undefined ? null : portsOf(spec, first),
  };
}

function endpointOf(pod: KubeObject, isAnyReady: boolean): Fields {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const isServing = isTrue(pod, "Ready");
  const isTerminating = deletionTimestamp !== undefined;
  return {
    addresses: [fieldsOf(pod["status"])["podIP"]],
    conditions: {
      ready: isAnyReady || (isServing && !isTerminating),
      serving: isServing,
      terminating: isTerminating,
    },
    targetRef: { kind: "Pod", namespace, name, uid },
    nodeName: fieldsOf(pod["spec"])["nodeName"],
  };
}

/** A target port with a name is a number of the pod's own choice. */
function portsOf(spec: Fields, pod: KubeObject): Fields[] {
  const declared = listOf(fieldsOf(pod["spec"])["containers"])
    .flatMap((container) => listOf(fieldsOf(container)["ports"])).map(fieldsOf);
  const ports: Fields[] = [];
  for (const item of listOf(spec["ports"])) {
    const { name = "", protocol, targetPort, appProtocol } = fieldsOf(item);
    const port = typeof targetPort === "string"
      ? declared.find((one) => one["name"] === targetPort && one["protocol"] === protocol)
        ?.["containerPort"]
      : targetPort;
    if (port === undefined) continue;
    ports.push({ name, protocol, port, ...(appProtocol !== undefined && { appProtocol }) });
  }
  return ports;
}
