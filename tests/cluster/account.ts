/** A ServiceAccount of a test's own, with a role that can be changed while it is used. */
import { type Rule, rulesOf } from "../../core/cli/install/objects.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

const RBAC = "rbac.authorization.k8s.io";
const ROLES = `/apis/${RBAC}/v1/clusterroles`;
const BINDINGS = `/apis/${RBAC}/v1/clusterrolebindings`;

export interface AccountOptions {
  /** Of the ServiceAccount, its role and the binding. */
  readonly name: string;
  readonly namespace: string;
  /** What it may do; absent: what `sluice manifests` prints. */
  readonly rules?: readonly Rule[];
}

export class Account {
  readonly #plane: ControlPlane;
  readonly #name: string;
  readonly #accounts: string;
  readonly #rules: readonly Rule[];

  private constructor(plane: ControlPlane, options: Required<AccountOptions>) {
    this.#plane = plane;
    this.#name = options.name;
    this.#accounts = `/api/v1/namespaces/${options.namespace}/serviceaccounts`;
    this.#rules = options.rules;
  }

  static async create(
    plane: ControlPlane,
    { name, namespace, rules = rulesOf("ClusterRole") }: AccountOptions,
  ): Promise<Account> {
    const account = new Account(plane, { name, namespace, rules });
    const subjects = [{ kind: "ServiceAccount", name, namespace }];
    const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name };
    await account.#ask("POST", account.#accounts, { metadata: { name } });
    await account.#ask("POST", ROLES, { metadata: { name }, rules });
    await account.#ask("POST", BINDINGS, { metadata: { name }, subjects, roleRef });
    return account;
  }

  /** A token of its own; the API server gives none for less than ten minutes. */
  async token(expirationSeconds = 3600): Promise<string> {
    const path = `${this.#accounts}/${this.#name}/token`;
    const answer = await this.#ask("POST", path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds },
    });
    return answer.status.token;
  }

  /** Is somebody else of the same name and rights from now on; no token that it has is good. */
  async replace(): Promise<void> {
    const metadata = { name: this.#name };
    await this.#ask("DELETE", `${this.#accounts}/${this.#name}`);
    await this.#ask("POST", this.#accounts, { metadata });
  }

  /** Takes these verbs on a resource away; what else it may do stays. */
  async forbid(verbs: readonly string[], resource: string): Promise<void> {
    const rules = this.#rules.flatMap((rule) => {
      if (!rule.resources.includes(resource)) return [rule];
      const resources = rule.resources.filter((each) => each !== resource);
      const kept = rule.verbs.filter((verb) => !verbs.includes(verb));
      return [{ ...rule, resources }, { ...rule, resources: [resource], verbs: kept }];
    });
    await this.#grant(rules.filter((rule) => rule.resources.length > 0 && rule.verbs.length > 0));
  }

  /** Gives all of it back. */
  async allow(): Promise<void> {
    await this.#grant(this.#rules);
  }

  async #grant(rules: readonly Rule[]): Promise<void> {
    const type = "application/merge-patch+json";
    await this.#ask("PATCH", `${ROLES}/${this.#name}`, { rules }, type);
  }

  async #ask(...request: Parameters<ApiClient["expect"]>) {
    const client = new ApiClient(this.#plane);
    try {
      return await client.expect(...request);
    } finally {
      client.close();
    }
  }
}
