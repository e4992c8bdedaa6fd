/** The routers of the plugins, as the engine asks and plans with them. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { PluginRegistry, RegisteredRouter } from "../../../sdk/registry.ts";
import type { PluginPorts } from "../../../sdk/ports.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type {
  RoutePlan,
  RouteProblem,
  RouterScope,
  SeenTraffic,
} from "../../../sdk/traffic_router.ts";
import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import { deletionOf, type Write } from "../../../sdk/wire/write.ts";
import type { Answerer, Question, Registry, RoutePlanner } from "../../engine/mod.ts";
import { giveBack, type OwnedFields } from "./field_ownership.ts";
import { restingIntent } from "./last_intent.ts";
import { isOfKind } from "./router_kinds.ts";
import { OBSERVE, type ObserveQuestion, VERIFY } from "./router_answers.ts";

const PLAN_DEADLINE_MS = 2_000;

/** What a router saw, as a pass hands it to the planner. */
export interface RouteSight {
  readonly scope: RouterScope;
  readonly seen: SeenTraffic;
  /** What is given back once nothing is left to write. */
  readonly settled: readonly OwnedFields[];
  /** What the router made for the Rollout, and is asked for no more: it goes. */
  readonly outdated?: readonly KubeObject[];
  /** Why what it names cannot be read; absent: it can. */
  readonly unreadable?: string;
  /** What is somebody else's by now, and is left as it is; absent: nothing is. */
  readonly untouched?: readonly KubeObject[];
}

/** The name of the planner that takes back what a router did for a Rollout that is gone. */
export function releaseOf(router: string): string {
  return `release of ${router}`;
}

/** A router says why an intent cannot be made true. */
export class RouteProblemError extends Error {
  override readonly name = "RouteProblemError";
  readonly problem: RouteProblem;

  constructor(problem: RouteProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What the engine is handed, so that routers look, verify and plan. */
export function routerRegistry(plugins: PluginRegistry, ports: PluginPorts): Registry {
  const routers = new Map(plugins.trafficRouters.map((router) => [router.name, router]));
  const routerOf = ({ router }: Question): RegisteredRouter | undefined =>
    routers.get(String(router));
  const answerers = new Map<string, Answerer>([
    [OBSERVE, {
      async answer(question) {
        const { scope, objects } = question as ObserveQuestion;
        return await routerOf(question)?.observe?.({ scope, objects }, ports);
      },
    }],
    [VERIFY, {
      async answer(question) {
        const { scope, objects } = question as ObserveQuestion;
        const router = routerOf(question);
        const seen = await router?.observe?.({ scope, objects }, ports);
        const intent = question["intent"] as TrafficIntent;
        return await router?.verify?.({ scope, seen, intent }, ports);
      },
    }],
  ]);
  const planners = new Map<string, RoutePlanner>();
  for (const router of plugins.trafficRouters) {
    if (router.plan === undefined) continue;
    planners.set(router.name, plannerOf(router));
    planners.set(releaseOf(router.name), releasePlannerOf(router));
  }
  return { answerers, planners };
}

function plannerOf(router: RegisteredRouter): RoutePlanner {
  return {
    deadlineMs: PLAN_DEADLINE_MS,
    async plan(intent, sight) {
      const routed = sight as RouteSight;
      const { scope, seen } = routed;
      const plan = await router.plan?.({ scope, seen, intent: intent as TrafficIntent });
      return writesOf(router, withoutOutdated(router, plan, routed), routed);
    },
  };
}

/** The plan, and what was made before goes after all else is written. */
function withoutOutdated(
  router: RegisteredRouter,
  plan: RoutePlan | undefined,
  { outdated = [] }: RouteSight,
): RoutePlan | undefined {
  if (plan === undefined || "problem" in plan) return plan;
  const deletions = outdated.flatMap((object) => {
    const type = router.resources.find((one) => isOfKind(object, one));
    return type === undefined ? [] : deletionOf(type, object);
  });
  return { ...plan, writes: [...plan.writes, ...deletions] };
}

/** What bears a mark of the router is given back by that, also after a restart. */
function releasePlannerOf(router: RegisteredRouter): RoutePlanner {
  const marked = (router.marks ?? []).map(({ resource }) => resource);
  return {
    deadlineMs: PLAN_DEADLINE_MS,
    async plan(_, sight) {
      const { scope, seen } = sight as RouteSight;
      const plan = await (router.release?.({ scope, seen }) ??
        router.plan?.({ scope, seen, intent: restingIntent(scope.rollout) }));
      // What is missing need not be given back, and nobody is there to be told of it.
      if (plan === undefined || "problem" in plan) return [];
      return writesOf(router, plan, sight as RouteSight)
        .filter(({ type }) => !marked.some((one) => isSameKind(one, type)));
    },
  };
}

function writesOf(
  router: RegisteredRouter,
  plan: RoutePlan | undefined,
  { settled, untouched = [], unreadable }: RouteSight,
): Write[] {
  if (plan === undefined) return [];
  if ("problem" in plan) {
    // What cannot be read is not missing, whatever it looks like.
    const problem = unreadable === undefined ? plan.problem : { message: unreadable };
    throw new RouteProblemError(problem);
  }
  const writes = plan.writes.filter(({ type, ref }) =>
    !untouched.some(({ kind, metadata }) =>
      kind === type.kind && metadata.name === ref.name &&
      (!type.namespaced || metadata.namespace === ref.namespace)
    )
  );
  if (writes.length === 0) return settled.map(giveBack);
  return writes.map((write) => declared(router, write));
}

function isSameKind(one: Write["type"], other: Write["type"]): boolean {
  return one.group === other.group && one.plural === other.plural;
}

/** The write with the type that the router declared: it may have handed back a copy of it. */
function declared(router: RegisteredRouter, write: Write): Write {
  const type = router.resources.find((one) => isSameKind(one, write.type));
  const isWritable = type !== undefined && type.access !== "read";
  if (isWritable) return { ...write, type };
  const what = `${apiVersionOf(write.type)} ${write.type.kind}`;
  throw new Error(`Router "${router.name}" wants to write a ${what}, which it does not declare`);
}
