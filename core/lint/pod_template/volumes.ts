/** Volumes: where each comes from, and what files are written into it. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import {
  all,
  atMostOne,
  type Check,
  exactlyOne,
  type FieldsCheck,
  fileMode,
  flag,
  list,
  needs,
  object,
  quantity,
  type Report,
  text,
  textMap,
  whole,
  word,
} from "./check.ts";
import { atMost, filePath, label, qualifiedName, subdomain } from "./formats.ts";
import { fieldReference, resourceReference, selector } from "./references.ts";
import { OTHERS_VOLUMES } from "./volume_sources.ts";

const FILES_OF_POD = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];
const KEYS = list(object(
  { key: text(), path: text(filePath), mode: fileMode },
  needs("key", "path"),
));
const POD_FILES = list(object(
  {
    path: text(filePath),
    mode: fileMode,
    fieldRef: fieldReference(FILES_OF_POD),
    resourceFieldRef: resourceReference({ ofVolume: true }),
  },
  needs("path"),
  exactlyOne("fieldRef", "resourceFieldRef"),
));
const NAMED_FILES = object({ name: text(), items: KEYS, optional: flag }, needs("name"));

const CLAIM = object(
  {
    accessModes: list(word("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"), {
      empty: "",
    }),
    selector,
    resources: object({ requests: amounts, limits: amounts }, storageIsAsked),
    volumeName: text(),
    storageClassName: text(subdomain),
    volumeMode: word("Block", "Filesystem"),
    volumeAttributesClassName: text(subdomain),
    dataSource: object({ apiGroup: text(), kind: text(), name: text() }, needs("kind", "name")),
    dataSourceRef: object(
      { apiGroup: text(), kind: text(), name: text(), namespace: text() },
      needs("kind", "name"),
    ),
  },
  needs("accessModes"),
  (fields, at, report) => {
    if (isUnset(fields["resources"])) storageIsAsked({}, [...at, "resources"], report);
    const modes = listOf(fields["accessModes"]);
    if (modes.includes("ReadWriteOncePod") && modes.length > 1) {
      report([...at, "accessModes"], "must not have another mode beside ReadWriteOncePod");
    }
  },
);

const PROJECTED = ["secret", "configMap", "downwardAPI", "serviceAccountToken"];
const PROJECTION = object(
  {
    secret: NAMED_FILES,
    configMap: NAMED_FILES,
    downwardAPI: object({ items: POD_FILES }),
    serviceAccountToken: object(
      {
        audience: text(),
        expirationSeconds: whole({ min: 600, max: 2 ** 32 }),
        path: text(filePath),
      },
      needs("path"),
    ),
    // Most clusters drop these two, whatever is in them: only their types are certain.
    clusterTrustBundle: object({
      name: text(),
      signerName: text(),
      labelSelector: object({ matchLabels: textMap }),
      optional: flag,
      path: text(),
    }),
    podCertificate: object({ signerName: text(), keyType: text() }),
  },
  atMostOne(...PROJECTED),
);

const SOURCES: Readonly<Record<string, Check>> = {
  ...OTHERS_VOLUMES,
  configMap: object({ name: text(), items: KEYS, defaultMode: fileMode, optional: flag }),
  csi: object(
    {
      driver: text(atMost(63), (name) => subdomain(name.toLowerCase())),
      fsType: text(),
      readOnly: flag,
      volumeAttributes: textMap,
      nodePublishSecretRef: object({ name: text(subdomain) }, needs("name")),
    },
    needs("driver"),
  ),
  downwardAPI: object({ items: POD_FILES, defaultMode: fileMode }),
  emptyDir: object({ medium: text(), sizeLimit: quantity(0) }),
  ephemeral: object(
    {
      volumeClaimTemplate: object(
        { metadata: object({ labels: labelMap, annotations: annotationMap }), spec: CLAIM },
        (fields, at, report) => {
          if (isUnset(fields["spec"])) CLAIM({}, [...at, "spec"], report);
        },
      ),
    },
    needs("volumeClaimTemplate"),
  ),
  persistentVolumeClaim: object({ claimName: text(), readOnly: flag }),
  projected: object(
    { sources: list(PROJECTION), defaultMode: fileMode },
    (fields, at, report) => pathsAreApart(listOf(fields["sources"]), at, report),
  ),
  secret: object({ secretName: text(), items: KEYS, defaultMode: fileMode, optional: flag }),
};

/** All volumes of a pod. */
export const volumes: Check = list(object(
  { name: text(label), ...SOURCES },
  needs("name"),
  atMostOne(...Object.keys(SOURCES)),
));

function amounts(...[value, at, report]: Parameters<Check>): void {
  for (const [name, amount] of Object.entries(fieldsOf(value))) {
    if (!isUnset(amount)) quantity(name === "storage" ? 1 : 0)(amount, [...at, name], report);
  }
}

function storageIsAsked(...[fields, at, report]: Parameters<FieldsCheck>): void {
  if (isUnset(fieldsOf(fields["requests"])["storage"])) {
    report([...at, "requests", "storage"], "is required");
  }
}

/** Files of several sources must not have one path. */
function pathsAreApart(sources: readonly unknown[], at: FieldLocation, report: Report): void {
  const seen = new Set<string>();
  sources.forEach((source, index) => {
    for (const kind of PROJECTED) {
      const { items } = fieldsOf(fieldsOf(source)[kind]);
      listOf(items).forEach((file, place) => {
        const path = textOf(fieldsOf(file)["path"]);
        if (path !== "" && seen.has(path)) {
          const where = [...at, "sources", index, kind, "items", place, "path"];
          report(where, `is the path of another file, too: ${JSON.stringify(path)}`);
        }
        seen.add(path);
      });
    }
  });
}

function labelMap(...[value, at, report]: Parameters<Check>): void {
  all(
    textMap,
    (map) => selector({ matchLabels: map }, at.slice(0, -1), (_at, problem) => report(at, problem)),
  )(value, at, report);
}

function annotationMap(...[value, at, report]: Parameters<Check>): void {
  textMap(value, at, report);
  for (const key of Object.keys(fieldsOf(value))) {
    const problem = qualifiedName(key.toLowerCase());
    if (problem !== undefined) report([...at, key], problem);
  }
}

/** Whether a container can have a volume as a device. */
export function isClaim(volume: Fields): boolean {
  return !isUnset(volume["persistentVolumeClaim"]) || !isUnset(volume["ephemeral"]);
}
