import assert from "node:assert/strict";
import { clusterCredentials, type CredentialSources } from "../../../../core/cluster/kube/mod.ts";
import { inFolder } from "../../cli/process.ts";
import { ManualClock } from "./manual_clock.ts";

const KUBECONFIG = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://of.kubeconfig:6443" } }],
  users: [{ name: "u", user: {} }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  "current-context": "x",
});
const FILES = {
  "config": KUBECONFIG,
  "empty": "",
  "token": "one",
  "ca.crt": "authority",
  "namespace": "demo",
};

/** What says nothing, so that the pod is asked; the order is that of client-go. */
const ROWS: [
  name: string,
  sources: Partial<Omit<CredentialSources, "paths">> & { paths: string[] },
  server: string | RegExp,
][] = [
  ["a kubeconfig comes first, also in a pod", { paths: ["config"] }, "https://of.kubeconfig:6443"],
  ["the usual file is missing", { paths: ["none"], mayBeMissing: true }, "https://in.pod:443"],
  ["the usual file is empty", { paths: ["empty"], mayBeMissing: true }, "https://in.pod:443"],
  ["a named file is empty", { paths: ["empty"] }, "https://in.pod:443"],
  ["KUBECONFIG is blank", { paths: [], mayBeMissing: true }, "https://in.pod:443"],
  ["all of a list are missing", { paths: ["a", "b"], mayBeMissing: true }, "https://in.pod:443"],
  [
    "one of a list is there",
    { paths: ["a", "config"], mayBeMissing: true },
    "https://of.kubeconfig:6443",
  ],
  ["a named file is missing", { paths: ["none"] }, /^Cannot read kubeconfig ".*none": there is no/],
  [
    "a context is asked for",
    { paths: ["empty"], context: "y" },
    /it has no context "y", nor any other$/,
  ],
  [
    "the pod has no service account",
    {
      paths: ["none"],
      mayBeMissing: true,
      pod: { host: "in.pod", port: "443", directory: "/none" },
    },
    /^Cannot find a cluster: there is no file/,
  ],
  [
    "outside of a pod",
    { paths: ["none"], mayBeMissing: true, pod: { host: "", port: "", directory: "FOLDER" } },
    /^Cannot find a cluster: there is no file/,
  ],
];

for (const [name, sources, server] of ROWS) {
  Deno.test(`which cluster: ${name}`, async () => {
    await inFolder(FILES, async (folder) => {
      const { host, port, directory } = sources.pod ??
        { host: "in.pod", port: "443", directory: "FOLDER" };
      const asked = clusterCredentials({
        ...sources,
        paths: sources.paths.map((path) => `${folder}/${path}`),
        pod: { host, port, directory: directory.replace("FOLDER", folder) },
        clock: new ManualClock(),
      });
      if (typeof server === "string") assert.equal((await asked).server, server);
      else await assert.rejects(asked, { message: server });
    });
  });
}
