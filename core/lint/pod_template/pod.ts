/**
 * What an API server refuses in a pod template and the controller does not look at: by
 * Kubernetes' rules, which tests ask of Kubernetes itself. Start at the bottom of this file.
 */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import {
  all,
  atMostOne,
  type Check,
  filledTexts,
  list,
  nameOfItem,
  needs,
  object,
  quantity,
  type Report,
  text,
  type TextCheck,
  unique,
  whole,
  word,
} from "./check.ts";
import { checkContainer, type Pod } from "./container.ts";
import { ipAddress, label, oneOf, qualifiedName, subdomain } from "./formats.ts";
import { podResources } from "./resources.ts";
import { affinity, schedulingGates, tolerations, topologySpread } from "./scheduling.ts";
import { hostProcessErrors, namespaceErrors, podSecurity, systemErrors } from "./security.ts";
import { volumes } from "./volumes.ts";

const MOST_SEARCHES = 32;
const LONGEST_SEARCHES = 2048;
const MOST_NAMESERVERS = 3;

/** A search domain may be the root, end with a dot, and have underscores. */
const searchDomain: TextCheck = (domain) =>
  domain === "." ? undefined : subdomain(domain.replace(/\.$/, "").replaceAll("_", "a"));

const CLAIM_NAME: Check = (value, at, report) => {
  if (value === "") report(at, "must not be empty");
  else text(subdomain)(value, at, report);
};

const POD = object({
  affinity,
  tolerations,
  topologySpreadConstraints: topologySpread,
  schedulingGates,
  securityContext: podSecurity,
  volumes,
  dnsConfig: object(
    {
      nameservers: filledTexts(ipAddress),
      searches: filledTexts(searchDomain),
      options: list(object({ name: text(), value: text() }, needs("name"))),
    },
    dnsLimits,
  ),
  hostAliases: list(object(
    { ip: text(ipAddress), hostnames: filledTexts(subdomain) },
    needs("ip"),
  )),
  hostname: text(label),
  subdomain: text(label),
  hostnameOverride: text(subdomain),
  nodeName: text(subdomain),
  imagePullSecrets: list(object({ name: text() })),
  os: object({ name: text(oneOf("linux", "windows")) }, needs("name")),
  preemptionPolicy: word("Never", "PreemptLowerPriority"),
  readinessGates: list(object({ conditionType: text(qualifiedName) }, needs("conditionType"))),
  resourceClaims: all(
    list(object(
      {
        name: text(label),
        resourceClaimName: CLAIM_NAME,
        resourceClaimTemplateName: CLAIM_NAME,
      },
      needs("name"),
      atMostOne("resourceClaimName", "resourceClaimTemplateName"),
      (fields, at, report) => {
        if (!isUnset(fields["resourceClaimName"])) return;
        if (!isUnset(fields["resourceClaimTemplateName"])) return;
        report(at, "must have one of resourceClaimName, resourceClaimTemplateName");
      },
    )),
    unique(nameOfItem, "name"),
  ),
  terminationGracePeriodSeconds: whole({ min: 0, max: 2 ** 53 }),
  overhead: (value, at, report) => {
    for (const [name, amount] of Object.entries(fieldsOf(value))) {
      if (!isUnset(amount)) quantity(0)(amount, [...at, name], report);
    }
  },
});

function dnsLimits(fields: Fields, at: FieldLocation, report: Report): void {
  const nameservers = listOf(fields["nameservers"]);
  const searches = listOf(fields["searches"]);
  if (nameservers.length > MOST_NAMESERVERS) {
    report([...at, "nameservers"], `must be ${MOST_NAMESERVERS} at most`);
  }
  if (searches.length > MOST_SEARCHES) {
    report([...at, "searches"], `must be ${MOST_SEARCHES} at most`);
  }
  if (searches.map(textOf).join(" ").length > LONGEST_SEARCHES) {
    report([...at, "searches"], `must have ${LONGEST_SEARCHES} characters together at most`);
  }
}

function podOf(spec: Fields): Pod {
  const grace = spec["terminationGracePeriodSeconds"];
  return {
    hasHostNetwork: spec["hostNetwork"] === true,
    graceSeconds: typeof grace === "number" ? grace : 30,
    volumes: new Map(
      listOf(spec["volumes"]).map(fieldsOf).map((volume) => [textOf(volume["name"]), volume]),
    ),
    claims: new Set(listOf(spec["resourceClaims"]).map(nameOfItem)),
  };
}

/** Everything wrong with the pod template at a place. */
export function podTemplateErrors(template: unknown, at: FieldLocation, report: Report): void {
  const { spec } = fieldsOf(template);
  if (!isFields(spec)) return;
  const place = [...at, "spec"];
  POD(spec, place, report);
  const pod = podOf(spec);
  for (const name of ["containers", "initContainers"]) {
    listOf(spec[name]).forEach((container, index) =>
      checkContainer(container, [...place, name, index], {
        pod,
        isInit: name === "initContainers",
        report,
      })
    );
  }
  if (
    spec["dnsPolicy"] === "None" && listOf(fieldsOf(spec["dnsConfig"])["nameservers"]).length === 0
  ) {
    report([...place, "dnsConfig", "nameservers"], "is required where dnsPolicy is None");
  }
  podResources(spec, [...place, "resources"], report);
  systemErrors(spec, place, report);
  namespaceErrors(spec, place, report);
  hostProcessErrors(spec, place, report);
}
