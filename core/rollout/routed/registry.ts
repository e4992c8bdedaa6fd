/** The routers of the plugins, as the engine asks and plans with them. */
import type { PluginRegistry, RegisteredRouter } from "../../../sdk/registry.ts";
import type { PluginPorts } from "../../../sdk/ports.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type { RouteProblem, RouterScope, SeenTraffic } from "../../../sdk/traffic_router.ts";
import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import type { Write } from "../../../sdk/wire/write.ts";
import type { Answerer, Question, Registry, RoutePlanner } from "../../engine/mod.ts";
import { giveBack, type OwnedFields } from "./field_ownership.ts";
import { OBSERVE, type ObserveQuestion, VERIFY } from "./routers.ts";

const PLAN_DEADLINE_MS = 2_000;

/** What a router saw, as a pass hands it to the planner. */
export interface RouteSight {
  readonly scope: RouterScope;
  readonly seen: SeenTraffic;
  /** What is given back once nothing is left to write. */
  readonly settled: readonly OwnedFields[];
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
    if (router.plan !== undefined) planners.set(router.name, plannerOf(router));
  }
  return { answerers, planners };
}

function plannerOf(router: RegisteredRouter): RoutePlanner {
  return {
    deadlineMs: PLAN_DEADLINE_MS,
    async plan(intent, sight) {
      const { scope, seen, settled } = sight as RouteSight;
      const plan = await router.plan?.({ scope, seen, intent: intent as TrafficIntent });
      if (plan === undefined) return [];
      if ("problem" in plan) throw new RouteProblemError(plan.problem);
      if (plan.writes.length === 0) return settled.map(giveBack);
      return plan.writes.map((write) => declared(router, write));
    },
  };
}

/** The write with the type that the router declared: it may have handed back a copy of it. */
function declared(router: RegisteredRouter, write: Write): Write {
  const { group, plural } = write.type;
  const type = router.resources.find((one) => one.group === group && one.plural === plural);
  const isWritable = type !== undefined && type.access !== "read";
  if (isWritable) return { ...write, type };
  const what = `${apiVersionOf(write.type)} ${write.type.kind}`;
  throw new Error(`Router "${router.name}" wants to write a ${what}, which it does not declare`);
}
