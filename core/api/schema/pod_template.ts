/** The fields of a pod template: Kubernetes' own, as Argo Rollouts' definitions know them. */
import { affinity, topologySpreadConstraints } from "./affinity.ts";
import { metadata, named } from "./common.ts";
import { container, ephemeralContainer, resourceClaims } from "./container.ts";
import type { Field, Kit, Note, Shape } from "../../../sdk/fields/kit.ts";
import { podSecurityContext } from "./security_context.ts";

const REQUIRED: Note = Object.freeze({ required: true });

export function podTemplate(kit: Kit, meaning: string, note?: Note): Field {
  return kit.template(
    () => ({ metadata: metadata(kit), spec: kit.object(() => podSpec(kit)) }),
    meaning,
    note,
  );
}

function podSpec(kit: Kit): Shape {
  return {
    activeDeadlineSeconds: kit.long(),
    affinity: affinity(kit),
    automountServiceAccountToken: kit.flag(),
    containers: named(kit, () => container(kit), REQUIRED),
    dnsConfig: dnsConfig(kit),
    dnsPolicy: kit.text(),
    enableServiceLinks: kit.flag(),
    ephemeralContainers: named(kit, () => ephemeralContainer(kit)),
    hostAliases: kit.list(
      () => ({ ip: kit.text(undefined, REQUIRED), hostnames: kit.texts() }),
      undefined,
      { keys: ["ip"] },
    ),
    hostIPC: kit.flag(),
    hostNetwork: kit.flag(),
    hostPID: kit.flag(),
    hostUsers: kit.flag(),
    hostname: kit.text(),
    hostnameOverride: kit.text(),
    imagePullSecrets: named(kit, () => ({ name: kit.text(undefined, { stored: "" }) }), {
      atomic: true,
    }),
    initContainers: named(kit, () => container(kit)),
    nodeName: kit.text(),
    nodeSelector: kit.textMap(undefined, { atomic: true }),
    os: kit.object(() => ({ name: kit.text(undefined, REQUIRED) })),
    overhead: kit.quantityMap(),
    preemptionPolicy: kit.text(),
    priority: kit.whole(),
    priorityClassName: kit.text(),
    readinessGates: kit.list(() => ({ conditionType: kit.text(undefined, REQUIRED) })),
    resourceClaims: named(kit, () => ({
      name: kit.text(undefined, REQUIRED),
      resourceClaimName: kit.text(),
      resourceClaimTemplateName: kit.text(),
    })),
    resources: kit.object(() => ({
      claims: resourceClaims(kit),
      limits: kit.quantityMap(),
      requests: kit.quantityMap(),
    })),
    restartPolicy: kit.text(),
    runtimeClassName: kit.text(),
    schedulerName: kit.text(),
    schedulingGates: named(kit, () => ({ name: kit.text(undefined, REQUIRED) })),
    securityContext: podSecurityContext(kit),
    serviceAccount: kit.text(),
    serviceAccountName: kit.text(),
    setHostnameAsFQDN: kit.flag(),
    shareProcessNamespace: kit.flag(),
    subdomain: kit.text(),
    terminationGracePeriodSeconds: kit.long(),
    tolerations: tolerations(kit),
    topologySpreadConstraints: topologySpreadConstraints(kit),
    volumes: kit.anything(),
  };
}

function dnsConfig(kit: Kit): Field {
  return kit.object(() => ({
    nameservers: kit.texts(),
    options: kit.list(() => ({ name: kit.text(), value: kit.text() })),
    searches: kit.texts(),
  }));
}

function tolerations(kit: Kit): Field {
  return kit.list(() => ({
    effect: kit.text(),
    key: kit.text(),
    operator: kit.text(),
    tolerationSeconds: kit.long(),
    value: kit.text(),
  }));
}
