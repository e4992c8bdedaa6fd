/** Routers that are wrong in one way each, and the law that has to say so. */
import type { RouterSubject } from "../../../sdk/testing/traffic_router.ts";
import type { PlanCall, RoutePlan, TrafficRouter } from "../../../sdk/traffic_router.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import type { PatchWrite, Write } from "../../../sdk/wire/write.ts";
import {
  type Config,
  type Seen,
  splitRouter,
} from "../../../docs/examples/split-router/split_router.ts";
import { splitSubject } from "../../../docs/examples/split-router/subject.ts";
import { type SeenTwo, twoSplits, twoSplitsSubject } from "./two_splits.ts";

type Split = TrafficRouter<Config, Seen>;

/** A subject that breaks a law, made anew for each trial. */
export interface BrokenRouter {
  readonly wrong: string;
  readonly law: string;
  make(): RouterSubject<Config, Seen> | RouterSubject<Fields, SeenTwo>;
}

function broken(wrong: string, law: string, change: () => Partial<Split>): BrokenRouter {
  const make = () => ({ ...splitSubject, router: { ...splitRouter, ...change() } });
  return { wrong, law, make };
}

type SplitCall = PlanCall<Config, Seen>;

/** Changes the writes of every plan. */
function rewriting(change: (writes: readonly Write[], call: SplitCall) => readonly Write[]) {
  return async (call: SplitCall): Promise<RoutePlan> => {
    const plan = await splitRouter.plan(call);
    return "writes" in plan ? { writes: change(plan.writes, call) } : plan;
  };
}

/** Changes the lists of the patch of every plan. */
function relisting(change: (spec: Fields, call: SplitCall) => Fields) {
  return rewriting((writes, call) =>
    writes.map((write) => {
      const { spec, ...body } = bodyOf(write);
      const lists = change(fieldsOf(spec), call);
      return { ...(write as PatchWrite), patch: { type: "merge", body: { ...body, spec: lists } } };
    })
  );
}

function bodyOf(write: Write): Fields {
  return fieldsOf((write as PatchWrite).patch.body);
}

/** Another call, about another intent. */
function intending(change: (call: SplitCall) => Partial<SplitCall["intent"]>) {
  return (call: SplitCall) =>
    splitRouter.plan({ ...call, intent: { ...call.intent, ...change(call) } });
}

function annotated(writes: readonly Write[], note: string): readonly Write[] {
  return writes.map((write) => {
    const metadata = { annotations: { "split.example.com/note": note } };
    const body = { ...bodyOf(write), metadata };
    return { ...(write as PatchWrite), patch: { type: "merge", body } };
  });
}

export const BROKEN_ROUTERS: readonly BrokenRouter[] = [
  broken("gives the canary half of it", "what is asked for becomes true", () => ({
    plan: intending(({ intent: { canary, stable } }) => {
      const weight = Math.floor(canary.weight / 2);
      const rest = canary.weight - weight;
      return {
        canary: { ...canary, weight },
        stable: { ...stable, weight: stable.weight + rest },
      };
    }),
  })),
  broken(
    "raises the canary first, and lowers stable afterwards",
    "weights sum to the maximum after every write, and none leaves 0 to maximum",
    () => ({
      plan: rewriting((writes, { seen }) =>
        writes.flatMap((write) => {
          const { decidedOn: _, ...unguarded } = write as PatchWrite;
          const [, canary] = listOf(fieldsOf(bodyOf(write)["spec"])["backends"]);
          const [stable, , ...others] = listOf(fieldsOf(seen.split?.["spec"])["backends"]);
          const backends = [stable, canary, ...others];
          return [
            { ...unguarded, patch: { type: "merge", body: { spec: { backends } } } } as const,
            unguarded,
          ];
        })
      ),
    }),
  ),
  broken("thinks that 100 is all", "weights of another maximum sum to it", () => ({
    plan: intending(({ intent: { canary, stable } }) => ({
      stable: { ...stable, weight: Math.max(0, 100 - canary.weight) },
    })),
  })),
  broken("writes although all is well", "what is true already needs no write", () => ({
    plan: (call) => splitRouter.plan({ ...call, seen: { ...call.seen, split: withCopies(call) } }),
  })),
  broken("counts its calls", "the same input gives the same writes", () => {
    let calls = 0;
    return { plan: rewriting((writes) => annotated(writes, String(++calls))) };
  }),
  broken("answers with a Map", "what goes in and out is plain data", () => ({
    observe: async (call, ports) => {
      const seen = await splitRouter.observe(call, ports);
      return { ...seen, routes: seen.routes, memory: new Map() } as Seen;
    },
  })),
  broken(
    "drops destinations that are not its own",
    "what is not the router's stays as it is, byte for byte",
    () => ({
      plan: relisting(({ backends, ...lists }, { intent }) => ({
        ...lists,
        backends: listOf(backends).slice(0, 2 + intent.additional.length),
      })),
    }),
  ),
  broken(
    "tries its routes in the order of the alphabet backwards",
    "header and mirror routes come and go in the order of managedRoutes",
    () => ({
      plan: intending(({ intent }) => ({ headerRoutes: [...intent.headerRoutes].reverse() })),
    }),
  ),
  {
    wrong: "looks at the first of two objects to tell whether both are done",
    law: "interrupted after any write and planned again, it comes to the same end",
    make: () => ({
      ...twoSplitsSubject,
      router: {
        ...twoSplits,
        plan: async (call: PlanCall<Fields, SeenTwo>) => {
          const { scope, seen, intent } = call;
          const one = { ...scope, config: { split: "web" } };
          const first = await splitRouter.plan({
            scope: one,
            seen: seen.each[0] ?? { routes: [] },
            intent,
          });
          const isDone = "writes" in first && first.writes.length === 0;
          return isDone ? first : await twoSplits.plan(call);
        },
      },
    }),
  },
  broken(
    "remembers what it wrote, and does not look",
    "what was changed by hand is repaired by the next plan",
    () => {
      let last = "";
      return {
        plan: (call) => {
          const text = JSON.stringify(call.intent);
          if (text === last) return Promise.resolve({ writes: [] });
          last = text;
          return splitRouter.plan(call);
        },
      };
    },
  ),
  broken(
    "writes whole lists whatever has become of them",
    "a write that was decided on something older is refused, or does no harm",
    () => ({
      plan: rewriting((writes) =>
        writes.map((write) => {
          const { decidedOn: _, ...unguarded } = write as PatchWrite;
          return unguarded;
        })
      ),
    }),
  ),
  broken(
    "leaves a note behind",
    "what is released is as if the router had never been there",
    () => ({
      plan: rewriting((writes, { intent }) =>
        intent.canary.weight > 0 ? annotated(writes, "in progress") : writes
      ),
    }),
  ),
  broken(
    "says yes to everything",
    "verification says yes to what is true, and not to what is not",
    () => ({ verify: () => Promise.resolve({ verdict: "yes" }) }),
  ),
  broken(
    "takes a missing object for one that needs nothing",
    "an object that is missing is told, and nothing is written",
    () => ({
      plan: (call) =>
        call.seen.split === undefined ? Promise.resolve({ writes: [] }) : splitRouter.plan(call),
    }),
  ),
  broken(
    "writes what it said it would only read",
    "it reads and writes only what it declares",
    () => ({
      resources: splitRouter.resources.map((resource) => ({ ...resource, access: "read" })),
    }),
  ),
  broken("reports what it would like to see", "what it has seen is what is routed", () => ({
    observe: async (call, ports) => {
      const { routes, ...seen } = await splitRouter.observe(call, ports);
      return { ...seen, routes: routes.map((route) => ({ ...route, weights: { all: 100 } })) };
    },
  })),
  broken(
    "asks for a field that nobody has to set",
    "its configuration is what its table says",
    () => ({ config: (kit) => ({ gateway: kit.text("Its Gateway.", { required: true }) }) }),
  ),
  broken(
    "takes types for granted",
    "whatever stands in a configuration, its description does not throw",
    () => ({
      references: (scope, objects) =>
        splitRouter.references(scope, objects)
          .map((reference) => ({ ...reference, name: scope.config.split.trim() })),
    }),
  ),
];

/** The Split with a copy that nobody made, so that there is always something to do. */
function withCopies({ seen: { split } }: SplitCall): NonNullable<Seen["split"]> {
  if (split === undefined) throw new Error("there is no Split");
  return { ...split, spec: { ...fieldsOf(split["spec"]), copies: [{ name: "web-mirror" }] } };
}
