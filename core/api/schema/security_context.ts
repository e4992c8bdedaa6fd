/** What pods and containers may do, as Kubernetes defines it. */
import type { Field, Kit, Note, Shape } from "../../../sdk/fields/kit.ts";

const REQUIRED: Note = Object.freeze({ required: true });

export function podSecurityContext(kit: Kit): Field {
  return kit.object(() => ({
    ...sharedFields(kit),
    fsGroup: kit.long(),
    fsGroupChangePolicy: kit.text(),
    seLinuxChangePolicy: kit.text(),
    supplementalGroups: kit.wholes(64),
    supplementalGroupsPolicy: kit.text(),
    sysctls: kit.list(() => ({
      name: kit.text(undefined, REQUIRED),
      value: kit.text(undefined, REQUIRED),
    })),
  }));
}

export function containerSecurityContext(kit: Kit): Field {
  return kit.object(() => ({
    ...sharedFields(kit),
    allowPrivilegeEscalation: kit.flag(),
    capabilities: kit.object(() => ({ add: kit.texts(), drop: kit.texts() })),
    privileged: kit.flag(),
    procMount: kit.text(),
    readOnlyRootFilesystem: kit.flag(),
  }));
}

function sharedFields(kit: Kit): Shape {
  const profile = () =>
    kit.object(() => ({ localhostProfile: kit.text(), type: kit.text(undefined, REQUIRED) }));
  return {
    appArmorProfile: profile(),
    runAsGroup: kit.long(),
    runAsNonRoot: kit.flag(),
    runAsUser: kit.long(),
    seLinuxOptions: kit.object(() => ({
      level: kit.text(),
      role: kit.text(),
      type: kit.text(),
      user: kit.text(),
    })),
    seccompProfile: profile(),
    windowsOptions: kit.object(() => ({
      gmsaCredentialSpec: kit.text(),
      gmsaCredentialSpecName: kit.text(),
      hostProcess: kit.flag(),
      runAsUserName: kit.text(),
    })),
  };
}
