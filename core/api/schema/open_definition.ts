/** What all CustomResourceDefinitions have in common, whatever they say of fields. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Kind } from "./kinds.ts";

/** A part of an OpenAPI schema. */
export type Schema = Readonly<Record<string, unknown>>;

export const OPEN_OBJECT: Schema = Object.freeze({
  type: "object",
  "x-kubernetes-preserve-unknown-fields": true,
});

/** A rule by which the server refuses another value where there is one. */
export const IMMUTABLE = Object.freeze({
  rule: "self == oldSelf",
  message: "the field is immutable",
});

/**
 * A kind's definition that takes whatever stands in spec and status: for a cluster in memory. Only
 * a selector stays as it is, as in the definitions that people install.
 */
export function openDefinition(kind: Kind): KubeObject {
  const selector = {
    ...OPEN_OBJECT,
    nullable: true,
    "x-kubernetes-validations": [IMMUTABLE],
  };
  return definitionOf(kind, {
    required: ["spec"],
    properties: { spec: { ...OPEN_OBJECT, properties: { selector } }, status: OPEN_OBJECT },
  });
}

/** A definition with these fields besides apiVersion, kind and metadata. */
export function definitionOf(
  { type, singular, shortName, columns, hasStatusSubresource, scale }: Kind,
  { required, properties }: { required: readonly string[]; properties: Schema },
): KubeObject {
  return structuredClone({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${type.plural}.${type.group}` },
    spec: {
      group: type.group,
      scope: type.namespaced ? "Namespaced" : "Cluster",
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular,
        shortNames: [shortName],
      },
      versions: [{
        name: type.version,
        served: true,
        storage: true,
        additionalPrinterColumns: columns,
        subresources: {
          ...(hasStatusSubresource ? { status: {} } : {}),
          ...(scale === undefined ? {} : { scale }),
        },
        schema: {
          openAPIV3Schema: {
            type: "object",
            required,
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              ...properties,
            },
          },
        },
      }],
    },
  });
}
