/** The fields of a container, as Kubernetes defines them. */
import { named } from "./common.ts";
import type { Field, Kit, Note, Shape } from "../../../sdk/fields/kit.ts";
import { containerSecurityContext } from "./security_context.ts";

const REQUIRED: Note = Object.freeze({ required: true });

export function ephemeralContainer(kit: Kit): Shape {
  return { ...container(kit), targetContainerName: kit.text() };
}

export function container(kit: Kit): Shape {
  return {
    args: kit.texts(),
    command: kit.texts(),
    env: environment(kit),
    envFrom: kit.list(() => ({
      configMapRef: nameReference(kit),
      prefix: kit.text(),
      secretRef: nameReference(kit),
    })),
    image: kit.text(),
    imagePullPolicy: kit.text(),
    lifecycle: kit.object(() => ({
      postStart: lifecycleHandler(kit),
      preStop: lifecycleHandler(kit),
      stopSignal: kit.text(),
    })),
    livenessProbe: probe(kit),
    name: kit.text(undefined, REQUIRED),
    ports: ports(kit),
    readinessProbe: probe(kit),
    resizePolicy: kit.list(() => ({
      resourceName: kit.text(undefined, REQUIRED),
      restartPolicy: kit.text(undefined, REQUIRED),
    })),
    resources: kit.object(() => ({
      claims: resourceClaims(kit),
      limits: kit.anything(),
      requests: kit.anything(),
    })),
    restartPolicy: kit.text(),
    restartPolicyRules: kit.list(() => ({
      action: kit.text(undefined, REQUIRED),
      exitCodes: kit.object(() => ({
        operator: kit.text(undefined, REQUIRED),
        values: kit.wholes(32, { set: true }),
      })),
    })),
    securityContext: containerSecurityContext(kit),
    startupProbe: probe(kit),
    stdin: kit.flag(),
    stdinOnce: kit.flag(),
    terminationMessagePath: kit.text(),
    terminationMessagePolicy: kit.text(),
    tty: kit.flag(),
    volumeDevices: kit.list(
      () => ({ devicePath: kit.text(undefined, REQUIRED), name: kit.text(undefined, REQUIRED) }),
      undefined,
      { keys: ["devicePath"] },
    ),
    volumeMounts: volumeMounts(kit),
    workingDir: kit.text(),
  };
}

export function resourceClaims(kit: Kit): Field {
  return named(kit, () => ({ name: kit.text(undefined, REQUIRED), request: kit.text() }));
}

function environment(kit: Kit): Field {
  const atomic = (shape: () => Shape) => kit.object(shape, undefined, { atomic: true });
  return named(kit, () => ({
    name: kit.text(undefined, REQUIRED),
    value: kit.text(),
    valueFrom: kit.object(() => ({
      configMapKeyRef: keyReference(kit),
      fieldRef: atomic(() => ({
        apiVersion: kit.text(),
        fieldPath: kit.text(undefined, REQUIRED),
      })),
      fileKeyRef: atomic(() => ({
        key: kit.text(undefined, REQUIRED),
        optional: kit.flag(undefined, { stored: false }),
        path: kit.text(undefined, REQUIRED),
        volumeName: kit.text(undefined, REQUIRED),
      })),
      resourceFieldRef: atomic(() => ({
        containerName: kit.text(),
        divisor: kit.quantity(),
        resource: kit.text(undefined, REQUIRED),
      })),
      secretKeyRef: keyReference(kit),
    })),
  }));
}

function nameReference(kit: Kit): Field {
  return kit.object(() => referenceFields(kit), undefined, { atomic: true });
}

function keyReference(kit: Kit): Field {
  return kit.object(
    () => ({ key: kit.text(undefined, REQUIRED), ...referenceFields(kit) }),
    undefined,
    { atomic: true },
  );
}

function referenceFields(kit: Kit): Shape {
  return { name: kit.text(undefined, { stored: "" }), optional: kit.flag() };
}

function ports(kit: Kit): Field {
  return kit.list(
    () => ({
      containerPort: kit.whole(undefined, REQUIRED),
      hostIP: kit.text(),
      hostPort: kit.whole(),
      name: kit.text(),
      protocol: kit.text(undefined, { stored: "TCP" }),
    }),
    undefined,
    { keys: ["containerPort", "protocol"] },
  );
}

function volumeMounts(kit: Kit): Field {
  return kit.list(
    () => ({
      mountPath: kit.text(undefined, REQUIRED),
      mountPropagation: kit.text(),
      name: kit.text(undefined, REQUIRED),
      readOnly: kit.flag(),
      recursiveReadOnly: kit.text(),
      subPath: kit.text(),
      subPathExpr: kit.text(),
    }),
    undefined,
    { keys: ["mountPath"] },
  );
}

function command(kit: Kit): Field {
  return kit.object(() => ({ command: kit.texts() }));
}

function httpGet(kit: Kit): Field {
  return kit.object(() => ({
    host: kit.text(),
    httpHeaders: kit.list(() => ({
      name: kit.text(undefined, REQUIRED),
      value: kit.text(undefined, REQUIRED),
    })),
    path: kit.text(),
    port: kit.wholeOrText(undefined, REQUIRED),
    scheme: kit.text(),
  }));
}

function tcpSocket(kit: Kit): Field {
  return kit.object(() => ({ host: kit.text(), port: kit.wholeOrText(undefined, REQUIRED) }));
}

function lifecycleHandler(kit: Kit): Field {
  return kit.object(() => ({
    exec: command(kit),
    httpGet: httpGet(kit),
    sleep: kit.object(() => ({ seconds: kit.long(undefined, REQUIRED) })),
    tcpSocket: tcpSocket(kit),
  }));
}

function probe(kit: Kit): Field {
  return kit.object(() => ({
    exec: command(kit),
    failureThreshold: kit.whole(),
    grpc: kit.object(() => ({
      port: kit.whole(undefined, REQUIRED),
      service: kit.text(undefined, { stored: "" }),
    })),
    httpGet: httpGet(kit),
    initialDelaySeconds: kit.whole(),
    periodSeconds: kit.whole(),
    successThreshold: kit.whole(),
    tcpSocket: tcpSocket(kit),
    terminationGracePeriodSeconds: kit.long(),
    timeoutSeconds: kit.whole(),
  }));
}
