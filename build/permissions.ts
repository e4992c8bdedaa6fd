/**
 * What the runtime lets the program do. This is the one place: tasks, executables and the npm
 * package have their flags from here, and a test compares those that are written elsewhere.
 */
export const RUNTIME_PERMISSIONS: readonly string[] = Object.freeze([
  // Manifests, scripts, kubeconfigs, certificates, the token of the service account.
  "--allow-read",
  // KUBECONFIG, proxies, addresses and keys of metric providers.
  "--allow-env",
  // The API server, and where metrics come from.
  "--allow-net",
  // The name of the host, for the lease.
  "--allow-sys",
  // What a kubeconfig names to get a token.
  "--allow-run",
]);
