/**
 * Users of a kubeconfig that run a program or ask an identity provider for their token.
 * Import this file lazily: the client library costs about 75 MB.
 */
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { Clock } from "../../ports/clock.ts";
import type { Authentication } from "./credentials.ts";
import type { ExecEntry, KubeconfigContext } from "./kubeconfig_file.ts";
import { remembered } from "./remembered.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/**
 * How long an identity provider's token is used before the library is asked again: once it has
 * refreshed a token it would refresh it at every call.
 */
const PROVIDER_TOKEN_MAX_AGE_MS = 60_000;
/** A user whom the server never accepts must not have the program run for each request. */
const RENEWAL_PAUSE_MS = 10_000;

/** Runs the exec plug-in or the auth provider of a context's user. */
export async function pluginAuthentication(
  context: KubeconfigContext,
  clock: Clock,
  doing: string,
): Promise<Authentication> {
  const { exec, "auth-provider": provider } = context.user;
  let renewals = 0;
  let renewedAtMs = clock.monotonic();
  let config = open();
  function open(): KubeConfig {
    const opened = new KubeConfig();
    // Only the user matters here: the connection to the server is ours.
    opened.loadFromClusterAndUser(
      { name: "cluster", server: "https://localhost", skipTLSVerify: false },
      {
        // The library keeps tokens by this name.
        name: `user-${renewals}`,
        ...(exec && { exec: { ...exec, env: environmentOf(exec, context) } }),
        ...(provider && { authProvider: { ...provider, config: { ...provider.config } } }),
      },
    );
    return opened;
  }
  const name = exec ? `exec plug-in "${exec.command}"` : `auth provider "${provider?.name}"`;
  async function ask(): Promise<RequestOptions> {
    try {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    } catch (error) {
      const text = errorText(error).trim();
      // As the runtime says that there is no such file.
      const detail = /^spawn .* ENOENT$/.test(text) ? "there is no such program" : text;
      const hint = exec?.installHint ? `; ${exec.installHint.trim()}` : "";
      throw new Error(`${doing}: its ${name} failed: ${detail}${hint}`, { cause: error });
    }
  }
  // The library keeps an exec plug-in's token until it expires; so nothing is kept here.
  const options = remembered({
    clock,
    maxAgeMs: exec ? 0 : PROVIDER_TOKEN_MAX_AGE_MS,
    keepsOnFailure: false,
    load: ask,
  });
  const first = await options();
  return {
    ...(first.cert !== undefined && { certPem: String(first.cert) }),
    ...(first.key !== undefined && { keyPem: String(first.key) }),
    headers: async () => authorizationOf(await options()),
    renew() {
      if (clock.monotonic() - renewedAtMs < RENEWAL_PAUSE_MS) return;
      renewedAtMs = clock.monotonic();
      renewals++;
      config = open();
      options.outdate();
    },
  };
}

function authorizationOf(options: RequestOptions): Record<string, string> {
  const headers = options.headers as Record<string, unknown> | undefined;
  const value = headers?.["Authorization"];
  return typeof value === "string" ? { Authorization: value } : {};
}

/** `KUBERNETES_EXEC_INFO` tells a plug-in which version to answer in, and for which cluster. */
function environmentOf(
  exec: ExecEntry,
  context: KubeconfigContext,
): { name: string; value: string }[] {
  const { cluster } = context;
  const info = {
    apiVersion: exec.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          "tls-server-name": cluster["tls-server-name"] ?? undefined,
          "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"] ?? undefined,
          "certificate-authority-data": cluster["certificate-authority-data"] ?? undefined,
          "proxy-url": cluster["proxy-url"] ?? undefined,
        },
      }),
    },
  };
  return [
    ...(exec.env ?? []),
    { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) },
  ];
}
