/** Volumes of programs and makers: each has its own few words. */
import { isUnset, textOf } from "../../../sdk/wire/json.ts";
import {
  type Check,
  type FieldsCheck,
  flag,
  needs,
  object,
  text,
  textMap,
  texts,
  whole,
  word,
} from "./check.ts";
import { absolutePath, atMost, label, matching, noStepUp, oneOf, relativePath } from "./formats.ts";

const PARTITION = whole({ min: 0, max: 255 });
const LUN = whole({ min: 0, max: 255 });
/** A Secret of the same namespace whose name may be left out. */
const SECRET = object({ name: text() });
const NAMED_SECRET = object({ name: text() }, needs("name"));

const HEX = "[0-9a-fA-F]{16}";
const ISCSI_NAME = matching(
  new RegExp(`^(?:iqn\\.\\d{4}-\\d{2}\\.[^:]+(?::.*)?|eui\\.${HEX}|naa\\.${HEX}(?:${HEX})?)$`),
  "a name such as iqn.2001-04.com.example:storage",
);

const HOST_PATH_TYPES = oneOf(
  "DirectoryOrCreate",
  "Directory",
  "FileOrCreate",
  "File",
  "Socket",
  "CharDevice",
  "BlockDevice",
);

/** The volumes of others, by the field that names them. */
export const OTHERS_VOLUMES: Readonly<Record<string, Check>> = {
  awsElasticBlockStore: object(
    { volumeID: text(), fsType: text(), partition: PARTITION, readOnly: flag },
    needs("volumeID"),
  ),
  azureDisk: object(
    {
      diskName: text(),
      diskURI: text(),
      cachingMode: word("None", "ReadOnly", "ReadWrite"),
      fsType: text(),
      kind: text(oneOf("Shared", "Dedicated", "Managed")),
      readOnly: flag,
    },
    needs("diskName", "diskURI"),
    azureDiskPlace,
  ),
  azureFile: object(
    { secretName: text(), shareName: text(), readOnly: flag },
    needs("secretName", "shareName"),
  ),
  cephfs: object(
    {
      monitors: texts(),
      path: text(),
      user: text(),
      secretFile: text(),
      secretRef: SECRET,
      readOnly: flag,
    },
    needs("monitors"),
  ),
  cinder: object(
    { volumeID: text(), fsType: text(), readOnly: flag, secretRef: NAMED_SECRET },
    needs("volumeID"),
  ),
  fc: object(
    { targetWWNs: texts(), wwids: texts(), lun: LUN, fsType: text(), readOnly: flag },
    fibreChannelTarget,
  ),
  flexVolume: object(
    { driver: text(), fsType: text(), secretRef: SECRET, readOnly: flag, options: textMap },
    needs("driver"),
    flexVolumeOptions,
  ),
  flocker: object({ datasetName: text(), datasetUUID: text() }, flockerDataset),
  gcePersistentDisk: object(
    { pdName: text(), fsType: text(), partition: PARTITION, readOnly: flag },
    needs("pdName"),
  ),
  gitRepo: object(
    { repository: text(), revision: text(), directory: text(relativePath) },
    needs("repository"),
  ),
  glusterfs: object(
    { endpoints: text(), path: text(), readOnly: flag },
    needs("endpoints", "path"),
  ),
  hostPath: object({ path: text(noStepUp), type: text(HOST_PATH_TYPES) }),
  image: object({ reference: text(), pullPolicy: text(oneOf("Always", "Never", "IfNotPresent")) }),
  iscsi: object(
    {
      targetPortal: text(),
      iqn: text(ISCSI_NAME),
      lun: LUN,
      iscsiInterface: text(),
      fsType: text(),
      readOnly: flag,
      portals: texts(),
      chapAuthDiscovery: flag,
      chapAuthSession: flag,
      secretRef: SECRET,
      initiatorName: text(ISCSI_NAME),
    },
    needs("targetPortal", "iqn"),
    iscsiSecret,
  ),
  nfs: object(
    { server: text(), path: text(absolutePath), readOnly: flag },
    needs("server", "path"),
  ),
  photonPersistentDisk: object({ pdID: text(), fsType: text() }, needs("pdID")),
  portworxVolume: object(
    { volumeID: text(), fsType: text(), readOnly: flag },
    needs("volumeID"),
  ),
  quobyte: object(
    {
      registry: text(matching(/^[^,]+:[^,]+(?:,[^,]+:[^,]+)*$/, "host:port, or several of them")),
      volume: text(),
      readOnly: flag,
      user: text(),
      group: text(),
      tenant: text(atMost(64)),
    },
    needs("registry", "volume"),
  ),
  rbd: object(
    {
      monitors: texts(),
      image: text(),
      fsType: text(),
      pool: text(),
      user: text(),
      keyring: text(),
      secretRef: SECRET,
      readOnly: flag,
    },
    needs("monitors", "image"),
  ),
  scaleIO: object(
    {
      gateway: text(),
      system: text(),
      secretRef: SECRET,
      sslEnabled: flag,
      protectionDomain: text(),
      storagePool: text(),
      storageMode: text(),
      volumeName: text(),
      fsType: text(),
      readOnly: flag,
    },
    needs("gateway", "system", "volumeName"),
  ),
  storageos: object(
    {
      volumeName: text(label),
      volumeNamespace: text(label),
      fsType: text(),
      readOnly: flag,
      secretRef: NAMED_SECRET,
    },
    needs("volumeName"),
  ),
  vsphereVolume: object(
    { volumePath: text(), fsType: text(), storagePolicyName: text(), storagePolicyID: text() },
    needs("volumePath"),
  ),
};

function azureDiskPlace(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const uri = textOf(fields["diskURI"]);
  if (uri === "") return;
  const isManaged = fields["kind"] === "Managed";
  const start = isManaged ? "/subscriptions/" : "https://";
  if (uri.startsWith(start)) return;
  report(
    [...at, "diskURI"],
    `must begin with ${start}, as kind is ${
      isManaged ? "Managed" : textOf(fields["kind"]) || "Shared"
    }`,
  );
}

function fibreChannelTarget(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const count = (name: string) => Array.isArray(fields[name]) ? fields[name].length : 0;
  const [names, ids] = [count("targetWWNs"), count("wwids")];
  if (names > 0 && ids > 0) report([...at, "wwids"], "must not stand beside targetWWNs");
  if (names === 0 && ids === 0) {
    report([...at, "targetWWNs"], "is required where there are no wwids");
  }
  if (names > 0 && isUnset(fields["lun"])) {
    report([...at, "lun"], "is required where there are targetWWNs");
  }
}

/** Kubernetes' own options are not for users to set. */
function flexVolumeOptions(...[fields, at, report]: Parameters<FieldsCheck>): void {
  for (const key of Object.keys(fields["options"] ?? {})) {
    const [host = ""] = key.toLowerCase().split("/");
    if (/(?:^|\.)(?:kubernetes|k8s)\.io$/.test(host)) {
      report([...at, "options", key], "is an option that Kubernetes itself sets");
    }
  }
}

function flockerDataset(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const { datasetName, datasetUUID } = fields;
  if (textOf(datasetName) === "" && textOf(datasetUUID) === "") {
    report(at, "must have one of datasetName, datasetUUID");
  }
  if (textOf(datasetName) !== "" && textOf(datasetUUID) !== "") {
    report([...at, "datasetUUID"], "must not stand beside datasetName");
  }
  if (textOf(datasetName).includes("/")) report([...at, "datasetName"], 'must not have "/"');
}

function iscsiSecret(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const hasPassword = fields["chapAuthDiscovery"] === true || fields["chapAuthSession"] === true;
  if (hasPassword && isUnset(fields["secretRef"])) {
    report([...at, "secretRef"], "is required for chapAuthDiscovery and chapAuthSession");
  }
}
