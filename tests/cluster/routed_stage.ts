/** A real control plane with Istio's kinds, and controllers under a ServiceAccount of their own. */
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../core/api/names/resources.ts";
import type { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { Account } from "./account.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { ControllerProgram, type ProgramOptions } from "./controller_program.ts";
import { connect, serveRollouts } from "./real_cluster.ts";
import { istioDefinitions } from "./routed_definitions.ts";

export class RoutedStage implements AsyncDisposable {
  private constructor(
    readonly plane: ControlPlane,
    readonly user: KubeCluster,
    readonly account: Account,
  ) {}

  /** @param name of the ServiceAccount and its role */
  static async begin(name: string): Promise<RoutedStage> {
    const plane = await startControlPlane();
    const user = connect(plane, "user");
    try {
      await serveRollouts(user);
      for (const definition of await istioDefinitions()) {
        await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
      }
      const account = await Account.create(plane, { name, namespace: "default" });
      return new RoutedStage(plane, user, account);
    } catch (error) {
      await user.close();
      await plane.stop();
      throw error;
    }
  }

  /** Starts the controller of one namespace. */
  async start(
    namespace: string,
    { flags = [], ...options }: Partial<ProgramOptions> = {},
  ): Promise<ControllerProgram> {
    return await ControllerProgram.start(this.plane, {
      namespace,
      token: options.token ?? await this.account.token(),
      // Nobody else is there; who has a Lease waits until that of a killed one is over.
      flags: ["-n", namespace, "--leader-elect=false", ...flags],
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.user.close();
    await this.plane.stop();
  }
}
