import { SERVICES } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { isSameJson, without } from "./json.ts";
import type { DefaultingContext, Kind } from "./kind.ts";
import { invalidValue, jsonTypeOf } from "./metadata.ts";
import { labelProblem } from "../../api/values/name_rules.ts";
import { tidied } from "./pod_template.ts";
import { randomBelow } from "./random.ts";
import type { FieldProblem } from "./status_error.ts";

const SPEC_FIELDS = ("ports selector clusterIP clusterIPs type externalIPs sessionAffinity " +
  "loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy " +
  "healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy " +
  "allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy trafficDistribution")
  .split(" ");
const PORT_FIELDS = ["name", "protocol", "appProtocol", "port", "targetPort", "nodePort"];
const NODE_PORTS_FROM = 30000;
const NODE_PORTS_COUNT = 2768;
const AFFINITY_SECONDS = 10_800;
const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PORT_MAX = 65535;
/** The rest of the range belongs to those who choose their address themselves. */
const ADDRESSES_FROM = 256;

/** Services: they get an address of the cluster's range 10.0.0.0/16. */
export const SERVICE_KIND: Kind = Object.freeze<Kind>({
  type: SERVICES,
  isCustom: false,
  hasStatus: true,
  generation: "none",
  selectableFields: {
    "spec.clusterIP": (service) => fieldsOf(service["spec"])["clusterIP"],
    "spec.type": (service) => fieldsOf(service["spec"])["type"],
  },
  stored(object, context) {
    const spec = object["spec"];
    const old = context.before?.["spec"];
    return {
      spec: spec !== undefined && spec === old ? spec : storedSpec(spec, context),
      status: storedStatus(fieldsOf(object["status"])),
    };
  },
  firstStatus: () => ({ loadBalancer: {} }),
  problems: serviceProblems,
  unreadable: unreadableService,
});

function storedSpec(written: unknown, context: DefaultingContext): Fields {
  const fields = fieldsOf(tidied(written));
  const spec: Fields = {};
  for (const field of SPEC_FIELDS) {
    if (fields[field] !== undefined && fields[field] !== "") spec[field] = fields[field];
  }
  if (Object.keys(fieldsOf(spec["selector"])).length === 0) delete spec["selector"];
  if (spec["publishNotReadyAddresses"] === false) delete spec["publishNotReadyAddresses"];
  spec["type"] ??= "ClusterIP";
  spec["sessionAffinity"] ??= "None";
  if (spec["sessionAffinity"] === "ClientIP") {
    spec["sessionAffinityConfig"] ??= { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
  }
  if (spec["ports"] !== undefined) {
    spec["ports"] = listOf(spec["ports"]).map((port) => storedPort(fieldsOf(port), spec, context));
  }
  if (spec["type"] === "ExternalName") return spec;
  const isOnNodes = spec["type"] === "NodePort" || spec["type"] === "LoadBalancer";
  spec["clusterIP"] ??= addressOf(spec, context);
  spec["clusterIPs"] ??= [spec["clusterIP"]];
  spec["ipFamilies"] ??= ["IPv4"];
  spec["ipFamilyPolicy"] ??= "SingleStack";
  spec["internalTrafficPolicy"] ??= "Cluster";
  if (!isOnNodes) return closedOnNodes(spec);
  spec["externalTrafficPolicy"] ??= "Cluster";
  if (spec["type"] === "LoadBalancer") spec["allocateLoadBalancerNodePorts"] ??= true;
  return spec;
}

function storedStatus({ loadBalancer, conditions }: Fields): Fields {
  const isKnown = Array.isArray(conditions) && conditions.length > 0;
  return { loadBalancer: fieldsOf(loadBalancer), ...(isKnown && { conditions }) };
}

/** A Service that is opened on nodes no more gives up what belongs to that. */
function closedOnNodes(spec: Fields): Fields {
  for (const field of ["externalTrafficPolicy", "allocateLoadBalancerNodePorts"]) {
    delete spec[field];
  }
  if (spec["ports"] !== undefined) {
    spec["ports"] = listOf(spec["ports"]).map((port) => without(fieldsOf(port), "nodePort"));
  }
  return spec;
}

function storedPort(written: Fields, spec: Fields, context: DefaultingContext): Fields {
  const port: Fields = {};
  for (const field of PORT_FIELDS) {
    if (written[field] !== undefined && written[field] !== "") port[field] = written[field];
  }
  port["protocol"] ??= "TCP";
  if (port["targetPort"] === undefined || port["targetPort"] === 0) {
    port["targetPort"] = port["port"] ?? 0;
  }
  const isOnNodes = spec["type"] === "NodePort" || spec["type"] === "LoadBalancer";
  if (isOnNodes && port["nodePort"] === undefined) {
    const old = listOf(fieldsOf(context.before?.["spec"])["ports"]).map(fieldsOf);
    port["nodePort"] = old.find((one) => one["port"] === port["port"])?.["nodePort"] ??
      NODE_PORTS_FROM + randomBelow(context.random, NODE_PORTS_COUNT);
  }
  return port;
}

/** The address that the Service had, or a free one. */
function addressOf(spec: Fields, { before, random, isAddressTaken }: DefaultingContext): unknown {
  const had = fieldsOf(before?.["spec"])["clusterIP"];
  if (had !== undefined) return had;
  const [wanted] = listOf(spec["clusterIPs"]);
  if (wanted !== undefined) return wanted;
  for (;;) {
    const number = ADDRESSES_FROM + randomBelow(random, 65_535 - ADDRESSES_FROM);
    const address = `10.0.${number >> 8}.${number & 255}`;
    if (!isAddressTaken(address)) return address;
  }
}

function serviceProblems(service: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = fieldsOf(service["spec"]);
  const problems = before === undefined ? [] : statusProblems(service);
  if (before !== undefined && before["spec"] === spec) return problems;
  const ports = listOf(spec["ports"]).map(fieldsOf);
  const needsPorts = spec["type"] !== "ExternalName" && spec["clusterIP"] !== "None";
  if (ports.length === 0 && needsPorts) {
    problems.push({ path: "spec.ports", message: "Required value" });
  }
  ports.forEach((_port, index) => problems.push(...portProblems(ports, index)));
  if (!TYPES.includes(String(spec["type"]))) {
    const supported = TYPES.map((type) => `"${type}"`).join(", ");
    problems.push({
      path: "spec.type",
      message: `Unsupported value: ${JSON.stringify(spec["type"])}: supported values: ${supported}`,
    });
  }
  const old = fieldsOf(before?.["spec"])["clusterIPs"];
  const isMoved = old !== undefined && (!isSameJson(spec["clusterIPs"], old) ||
    spec["clusterIP"] !== listOf(old)[0]);
  if (isMoved && spec["type"] !== "ExternalName") {
    problems.push({
      path: "spec.clusterIPs[0]",
      message: invalidValue([spec["clusterIP"]], "may not change once set"),
    });
  }
  return problems;
}

function portProblems(ports: readonly Fields[], index: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const port = fieldsOf(ports[index]);
  const path = `spec.ports[${index}]`;
  const name = port["name"] === undefined ? "" : String(port["name"]);
  const nameProblem = name === "" ? undefined : labelProblem(name);
  if (name === "" && ports.length > 1) {
    problems.push({ path: `${path}.name`, message: "Required value" });
  } else if (nameProblem !== undefined) {
    problems.push({ path: `${path}.name`, message: invalidValue(name, nameProblem) });
  } else if (name !== "" && ports.slice(0, index).some((other) => other["name"] === name)) {
    problems.push({ path: `${path}.name`, message: `Duplicate value: ${JSON.stringify(name)}` });
  }
  for (const field of ["port", "targetPort"]) {
    const number = port[field];
    if (typeof number !== "number" && (field === "targetPort" || number !== undefined)) continue;
    const value = Number(number ?? 0);
    if (Number.isInteger(value) && value >= 1 && value <= PORT_MAX) continue;
    problems.push({
      path: `${path}.${field}`,
      message: invalidValue(value, `must be between 1 and ${PORT_MAX}, inclusive`),
    });
  }
  const isTwin = (other: Fields) =>
    other["port"] === port["port"] && other["protocol"] === port["protocol"];
  if (ports.slice(0, index).some(isTwin)) {
    const [number, protocol] = [port["port"], port["protocol"]];
    const told = `{"Name":"","Protocol":"${protocol}","AppProtocol":null,"Port":${number},` +
      '"TargetPort":0,"NodePort":0}';
    problems.push({ path, message: `Duplicate value: ${told}` });
  }
  return problems;
}

function unreadableService({ spec }: KubeObject): string | undefined {
  for (const item of listOf(fieldsOf(spec)["ports"])) {
    const { port } = fieldsOf(item);
    if (port === undefined || port === null || typeof port === "number") continue;
    return `cannot unmarshal ${
      jsonTypeOf(port)
    } into Go struct field ServicePort.spec.ports.port ` +
      "of type int32";
  }
  return undefined;
}

function statusProblems(service: KubeObject): FieldProblem[] {
  const { ingress } = fieldsOf(fieldsOf(service["status"])["loadBalancer"]);
  const { type } = fieldsOf(service["spec"]);
  if (listOf(ingress).length === 0 || type === "LoadBalancer") return [];
  return [{
    path: "status.loadBalancer.ingress",
    message: "Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
  }];
}
