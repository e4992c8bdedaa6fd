/**
 * What Kubernetes fills into a pod template, as data. A value that equals its default is left out
 * before hashing, so that a default that is added here later changes the hash only of templates
 * that spell it out.
 */

/** What a place in a pod template means to its hash. */
export type TemplateRule =
  /** Left out when it equals one of these. */
  | { defaults: readonly unknown[] }
  /** An amount: `1000m` is `1`. */
  | "quantity"
  /** An amount that is left out when it is 0. */
  | "nonzero quantity"
  /** Filled in by the tag of the image beside it. */
  | "pull policy"
  /** Keys and values are the user's: nothing in it is left out. */
  | "map"
  /** An empty one is another thing than none. */
  | "presence"
  /** Never part of the hash. */
  | "ignored";

/** Places by path; `[]` is any item, `{a,b}` either name, `*` any name. */
const FALSE: TemplateRule = Object.freeze({ defaults: [false] });
const ZERO: TemplateRule = Object.freeze({ defaults: [0] });

function defaults(...values: unknown[]): TemplateRule {
  return Object.freeze({ defaults: values });
}

const CONTAINER = "spec.{containers,initContainers,ephemeralContainers}[]";
const PROBE = `${CONTAINER}.{livenessProbe,readinessProbe,startupProbe}`;
const HANDLER = `${CONTAINER}.lifecycle.{preStop,postStart}`;
const SCHEDULING = "nodeAffinity,podAffinity,podAntiAffinity";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const VOLUME = "spec.volumes[]";
const SOURCE = `${VOLUME}.projected.sources[]`;
const CLAIM = `${VOLUME}.ephemeral.volumeClaimTemplate`;

/** Rules by path; the numbers 0 stand where Kubernetes reads 0 as "not set". */
export const TEMPLATE_RULES: Readonly<Record<string, TemplateRule>> = Object.freeze({
  "metadata.creationTimestamp": "ignored",
  "spec.restartPolicy": defaults("Always"),
  "spec.dnsPolicy": defaults("ClusterFirst"),
  "spec.schedulerName": defaults("default-scheduler"),
  "spec.terminationGracePeriodSeconds": defaults(30),
  "spec.{hostNetwork,hostPID,hostIPC}": FALSE,
  "spec.nodeSelector": "map",
  "spec.overhead.*": "quantity",
  "spec.resources.{limits,requests}.*": "quantity",
  "spec.securityContext.*": "presence",
  "spec.securityContext.{supplementalGroups,sysctls}": defaults([]),
  [`spec.affinity.{${SCHEDULING}}.${PREFERRED}[].weight`]: ZERO,
  "spec.topologySpreadConstraints[].maxSkew": ZERO,
  "spec.dnsConfig.options[].value": "presence",

  [`${CONTAINER}.terminationMessagePath`]: defaults("/dev/termination-log"),
  [`${CONTAINER}.terminationMessagePolicy`]: defaults("File"),
  [`${CONTAINER}.imagePullPolicy`]: "pull policy",
  [`${CONTAINER}.{stdin,stdinOnce,tty}`]: FALSE,
  [`${CONTAINER}.ports[].protocol`]: defaults("TCP"),
  [`${CONTAINER}.ports[].{containerPort,hostPort}`]: ZERO,
  [`${CONTAINER}.resources.{limits,requests}.*`]: "quantity",
  [`${CONTAINER}.volumeMounts[].readOnly`]: FALSE,
  [`${CONTAINER}.securityContext.*`]: "presence",
  [`${CONTAINER}.securityContext.procMount`]: defaults("Default"),
  [`${CONTAINER}.env[].valueFrom.fieldRef.apiVersion`]: defaults("v1"),
  [`${CONTAINER}.env[].valueFrom.fileKeyRef.optional`]: FALSE,
  [`${CONTAINER}.env[].valueFrom.resourceFieldRef.divisor`]: "nonzero quantity",

  [`${PROBE}.initialDelaySeconds`]: ZERO,
  [`${PROBE}.timeoutSeconds`]: defaults(1, 0),
  [`${PROBE}.periodSeconds`]: defaults(10, 0),
  [`${PROBE}.successThreshold`]: defaults(1, 0),
  [`${PROBE}.failureThreshold`]: defaults(3, 0),
  [`${PROBE}.{httpGet,tcpSocket,grpc}.port`]: ZERO,
  [`${PROBE}.httpGet.path`]: defaults("/"),
  [`${PROBE}.httpGet.scheme`]: defaults("HTTP"),
  [`${HANDLER}.{httpGet,tcpSocket}.port`]: ZERO,
  [`${HANDLER}.sleep.seconds`]: ZERO,
  [`${HANDLER}.httpGet.path`]: defaults("/"),
  [`${HANDLER}.httpGet.scheme`]: defaults("HTTP"),

  [`${VOLUME}.*`]: "presence",
  [`${VOLUME}.name`]: defaults(""),
  [`${VOLUME}.emptyDir`]: defaults({}),
  [`${VOLUME}.emptyDir.sizeLimit`]: "quantity",
  [`${VOLUME}.{secret,configMap,downwardAPI,projected}.defaultMode`]: defaults(420),
  [`${VOLUME}.downwardAPI.items[].fieldRef.apiVersion`]: defaults("v1"),
  [`${VOLUME}.downwardAPI.items[].resourceFieldRef.divisor`]: "nonzero quantity",
  [`${VOLUME}.persistentVolumeClaim.readOnly`]: FALSE,
  [`${VOLUME}.{nfs,cephfs,cinder,fc,flexVolume,gcePersistentDisk}.readOnly`]: FALSE,
  [`${VOLUME}.{awsElasticBlockStore,glusterfs,portworxVolume,quobyte}.readOnly`]: FALSE,
  [`${VOLUME}.{iscsi,azureDisk,azureFile,rbd,scaleIO,storageos}.readOnly`]: FALSE,
  [`${VOLUME}.{gcePersistentDisk,awsElasticBlockStore}.partition`]: ZERO,
  [`${VOLUME}.csi.volumeAttributes`]: "map",
  [`${VOLUME}.flexVolume.options`]: "map",
  [`${VOLUME}.image.pullPolicy`]: "pull policy",
  [`${VOLUME}.iscsi.lun`]: ZERO,
  [`${VOLUME}.iscsi.iscsiInterface`]: defaults("default"),
  [`${VOLUME}.iscsi.{chapAuthDiscovery,chapAuthSession}`]: FALSE,
  [`${VOLUME}.rbd.pool`]: defaults("rbd"),
  [`${VOLUME}.rbd.user`]: defaults("admin"),
  [`${VOLUME}.rbd.keyring`]: defaults("/etc/ceph/keyring"),
  [`${VOLUME}.azureDisk.cachingMode`]: defaults("ReadWrite"),
  [`${VOLUME}.azureDisk.kind`]: defaults("Shared"),
  [`${VOLUME}.azureDisk.fsType`]: defaults("ext4"),
  [`${VOLUME}.scaleIO.storageMode`]: defaults("ThinProvisioned"),
  [`${VOLUME}.scaleIO.fsType`]: defaults("xfs"),
  [`${VOLUME}.scaleIO.sslEnabled`]: FALSE,
  [`${SOURCE}.*`]: "presence",
  [`${SOURCE}.serviceAccountToken.expirationSeconds`]: defaults(3600),
  [`${SOURCE}.podCertificate.maxExpirationSeconds`]: defaults(86400),
  [`${SOURCE}.downwardAPI.items[].fieldRef.apiVersion`]: defaults("v1"),
  [`${SOURCE}.downwardAPI.items[].resourceFieldRef.divisor`]: "nonzero quantity",
  [`${SOURCE}.clusterTrustBundle.labelSelector`]: "presence",
  [`${CLAIM}.metadata.creationTimestamp`]: "ignored",
  [`${CLAIM}.spec.volumeMode`]: defaults("Filesystem"),
  [`${CLAIM}.spec.resources.{limits,requests}.*`]: "quantity",
  [`${CLAIM}.spec.{storageClassName,volumeAttributesClassName,selector}`]: "presence",
});

/** Rules by the last name of a path, wherever it stands; a rule by path goes first. */
export const TEMPLATE_RULES_ANYWHERE: Readonly<Record<string, TemplateRule>> = Object.freeze({
  labels: "map",
  annotations: "map",
  matchLabels: "map",
  labelSelector: "presence",
  namespaceSelector: "presence",
});
