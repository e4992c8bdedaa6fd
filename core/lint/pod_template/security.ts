/** What pods and containers may do. */
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
  type Check,
  type FieldsCheck,
  list,
  needs,
  object,
  type Report,
  text,
  unique,
  whole,
  word,
} from "./check.ts";
import { atMost, matching, oneOf, relativePath, subdomain } from "./formats.ts";

const USER = whole({ min: 0 });
const GROUPS: Check = list(USER, { empty: 0 });

function profile(what: string, pathCheck: Check): Check {
  return object(
    { type: text(oneOf("Localhost", "RuntimeDefault", "Unconfined")), localhostProfile: pathCheck },
    needs("type"),
    (fields, at, report) => {
      const isLocal = fields["type"] === "Localhost";
      const path = fields["localhostProfile"];
      if (isLocal && textOf(path).trim() === "") {
        report([...at, "localhostProfile"], `is required: the type of the ${what} is Localhost`);
      }
      if (!isLocal && !isUnset(path)) {
        report([...at, "localhostProfile"], "may be set only where type is Localhost");
      }
    },
  );
}

const SHARED: Readonly<Record<string, Check>> = {
  appArmorProfile: profile("appArmorProfile", text(appArmorName)),
  seccompProfile: profile("seccompProfile", text(relativePath)),
  runAsUser: USER,
  runAsGroup: USER,
  windowsOptions: object({
    gmsaCredentialSpecName: text(subdomain),
    gmsaCredentialSpec: text(atMost(64 * 1024)),
    runAsUserName: text(windowsUser),
  }, notEmptyWindows),
};

function appArmorName(name: string): string | undefined {
  return name.trim() === name ? atMost(4095)(name) : "must not have blanks around it";
}

/** An empty text is a value here, and a wrong one. */
function notEmptyWindows(...[fields, at, report]: Parameters<FieldsCheck>): void {
  for (const name of ["gmsaCredentialSpecName", "gmsaCredentialSpec", "runAsUserName"]) {
    if (fields[name] === "") report([...at, name], "must not be empty");
  }
}

/** `DOMAIN\user` */
function windowsUser(name: string): string | undefined {
  const parts = name.split("\\");
  const [user = "", domain] = parts.toReversed();
  const isName = parts.length <= 2 && user !== "" && user.length <= 104 &&
    !/^[. ]+$/.test(user) && !/["/\\:;|=,+*?<>@[\]]/.test(user);
  // deno-lint-ignore no-control-regex
  const hasControl = /[\x00-\x1f\x7f]/.test(name);
  const isDomain = domain === undefined ||
    (domain !== "" && domain.length < 256 && !/[\\/:*?"<>|]/.test(domain) &&
      !domain.startsWith("."));
  return isName && isDomain && !hasControl
    ? undefined
    : "must be the name of a user of Windows such as ContainerUser or DOMAIN\\user";
}

const SYSCTL = matching(
  /^(?=.{1,253}$)[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:[./][a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*$/,
  "the name of a kernel parameter such as net.core.somaxconn",
);

/** What all containers of a pod get. */
export const podSecurity: Check = object({
  ...SHARED,
  fsGroup: USER,
  supplementalGroups: GROUPS,
  fsGroupChangePolicy: word("OnRootMismatch", "Always"),
  seLinuxChangePolicy: word("Recursive", "MountOption"),
  supplementalGroupsPolicy: word("Merge", "Strict"),
  sysctls: sysctls,
});

function sysctls(...[value, at, report]: Parameters<Check>): void {
  list(object({ name: text(SYSCTL), value: text() }, needs("name")))(value, at, report);
  unique((item) => textOf(fieldsOf(item)["name"]).replaceAll("/", "."))(value, at, report);
}

/** What one container gets. */
export const containerSecurity: Check = object(
  { ...SHARED, procMount: word("Default", "Unmasked") },
  privilegesAgree,
);

function privilegesAgree(...[fields, at, report]: Parameters<FieldsCheck>): void {
  if (fields["allowPrivilegeEscalation"] !== false) return;
  const path = [...at, "allowPrivilegeEscalation"];
  if (fields["privileged"] === true) report(path, "must not be false: privileged is true");
  const { add } = fieldsOf(fields["capabilities"]);
  if (listOf(add).some((name) => name === "SYS_ADMIN" || name === "CAP_SYS_ADMIN")) {
    report(path, "must not be false: capabilities add SYS_ADMIN");
  }
}

const LINUX_OF_CONTAINER = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
];
const LINUX_OF_POD = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
];
const LINUX_OF_SPEC = ["hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"];

/** What a system has no use for, in a pod that names its system. */
export function systemErrors(spec: Fields, at: FieldLocation, report: Report): void {
  const system = fieldsOf(spec["os"])["name"];
  const forbid = (fields: unknown, place: FieldLocation, names: readonly string[]) => {
    for (const name of names) {
      const value = fieldsOf(fields)[name];
      if (isUnset(value) || (name !== "hostUsers" && isFalseFlag(name, value))) continue;
      report([...place, name], `must not be set: the pod is for ${system}`);
    }
  };
  const containers = ["containers", "initContainers"].flatMap((name) =>
    listOf(spec[name]).map((container, index) => ({
      security: fieldsOf(container)["securityContext"],
      at: [...at, name, index, "securityContext"],
    }))
  );
  const podAt = [...at, "securityContext"];
  if (system === "linux") {
    forbid(spec["securityContext"], podAt, ["windowsOptions"]);
    for (const each of containers) forbid(each.security, each.at, ["windowsOptions"]);
  }
  if (system === "windows") {
    forbid(spec, at, LINUX_OF_SPEC);
    forbid(spec["securityContext"], podAt, LINUX_OF_POD);
    for (const each of containers) forbid(each.security, each.at, LINUX_OF_CONTAINER);
  }
}

/** Of the pod's own flags false is as good as nothing; of a container's it is something. */
function isFalseFlag(name: string, value: unknown): boolean {
  return value === false && (name === "hostPID" || name === "hostIPC");
}

/** What a pod that shares nothing of the node's users cannot have. */
export function namespaceErrors(spec: Fields, at: FieldLocation, report: Report): void {
  if (spec["shareProcessNamespace"] === true && spec["hostPID"] === true) {
    report([...at, "shareProcessNamespace"], "must not be true beside hostPID");
  }
  if (spec["hostUsers"] !== false) return;
  for (const name of ["hostNetwork", "hostPID", "hostIPC"]) {
    if (spec[name] === true) report([...at, name], "must not be true where hostUsers is false");
  }
  for (const name of ["containers", "initContainers"]) {
    listOf(spec[name]).forEach((container, index) => {
      if (listOf(fieldsOf(container)["volumeDevices"]).length === 0) return;
      report([...at, name, index, "volumeDevices"], "must not be set where hostUsers is false");
    });
  }
}

/** Containers of Windows that run on the node itself are all of a pod or none, on its network. */
export function hostProcessErrors(spec: Fields, at: FieldLocation, report: Report): void {
  const ofPod = hostProcessOf(spec["securityContext"]);
  const wishes = ["containers", "initContainers"].flatMap((name) =>
    listOf(spec[name]).map((container, index) => ({
      own: hostProcessOf(fieldsOf(container)["securityContext"]),
      at: [...at, name, index],
    }))
  );
  for (const { own, at: place } of wishes) {
    if (ofPod !== undefined && own !== undefined && own !== ofPod) {
      const where = [...place, "securityContext", "windowsOptions", "hostProcess"];
      report(where, `must be ${ofPod}, as in the pod's securityContext`);
      return;
    }
  }
  const effective = wishes.map(({ own }) => own ?? ofPod ?? false);
  if (!effective.includes(true)) return;
  if (effective.includes(false)) {
    report(at, "must have hostProcess for all containers or for none");
  }
  if (spec["hostNetwork"] !== true) {
    report([...at, "hostNetwork"], "must be true for containers with hostProcess");
  }
}

function hostProcessOf(security: unknown): boolean | undefined {
  const options = fieldsOf(security)["windowsOptions"];
  const value = isFields(options) ? options["hostProcess"] : undefined;
  return typeof value === "boolean" ? value : undefined;
}
