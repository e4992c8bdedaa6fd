/** The laws of traffic routers. Each is a sentence, and a check that throws `Broken`. */
import { checkingKit, type Expected } from "../fields/checking_kit.ts";
import { valueProblems } from "../fields/type_problems.ts";
import { unknownFieldsOf } from "../fields/unknown_fields.ts";
import type { TrafficIntent } from "../traffic_intent.ts";
import type { RouterScope, SeenTraffic } from "../traffic_router.ts";
import { type Fields, fieldsOf } from "../wire/json.ts";
import type { Write } from "../wire/write.ts";
import {
  mustBeSafe,
  mustBeTrue,
  mustHaveRoutes,
  mustShare,
  routesOf,
  shown,
  withoutZero,
} from "./expectations.ts";
import { fullest, intentOf, walk } from "./intents.ts";
import { keyOfObject, readerOf } from "./memory_store.ts";
import { NO_ANSWER } from "./no_answer.ts";
import { NAMESPACE } from "./router_subject.ts";
import { Broken, must, type Trial } from "./trial.ts";

/** A law on trial. */
export type Check = <Config, Seen extends SeenTraffic>(trial: Trial<Config, Seen>) => Promise<void>;

export const ROUTER_LAWS: Readonly<Record<string, Check>> = Object.freeze({
  "what is asked for becomes true": becomesTrue,
  "weights sum to the maximum after every write, and none leaves 0 to maximum": staysSafe,
  "weights of another maximum sum to it": honoursMaximum,
  "what is true already needs no write": settles,
  "the same input gives the same writes": isDeterministic,
  "what goes in and out is plain data": isPlainData,
  "what is not the router's stays as it is, byte for byte": keepsForeign,
  "header and mirror routes come and go in the order of managedRoutes": ordersRoutes,
  "interrupted after any write and planned again, it comes to the same end": converges,
  "what was changed by hand is repaired by the next plan": repairs,
  "a write that was decided on something older is refused, or does no harm": isGuarded,
  "what is released is as if the router had never been there": releases,
  "verification says yes to what is true, and not to what is not": verifies,
  "an object that is missing is told, and nothing is written": tellsMissing,
  "it reads and writes only what it declares": declares,
  "what it has seen is what is routed": sees,
  "its configuration is what its table says": describesConfig,
  "whatever stands in a configuration, its description does not throw": toleratesAnything,
});

/** Makes one intent after the other true; says in messages which one it was. */
async function along<Config, Seen extends SeenTraffic>(
  trial: Trial<Config, Seen>,
  each: (intent: TrafficIntent) => Promise<void>,
): Promise<void> {
  await trial.reset();
  for (const [name, intent] of walk(trial.subject.router.abilities)) {
    await at(name, () => each(intent));
  }
}

async function at(name: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Broken(`at "${name}": ${error.message}`);
  }
}

async function becomesTrue<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    await trial.make(intent);
    await mustBeTrue(trial, intent);
  });
}

async function staysSafe<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    await trial.carryOut(await trial.plan(intent), () => mustBeSafe(trial, intent));
    await mustBeSafe(trial, intent);
  });
}

async function honoursMaximum<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  if (!trial.subject.router.abilities.maxWeight) return;
  await trial.reset();
  for (const weight of [0, 1, 333, 1000]) {
    const intent = intentOf({ weight, maxWeight: 1000 });
    await at(`canary ${weight} of 1000`, async () => {
      await trial.make(intent);
      await mustBeSafe(trial, intent);
      await mustBeTrue(trial, intent);
    });
  }
}

async function settles<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    await trial.make(intent);
    const again = await trial.plan(intent);
    must(again.length === 0, `planned again, it writes ${shown(again)}`);
  });
}

async function isDeterministic<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    const [first, second] = [await trial.plan(intent), await trial.plan(intent)];
    must(shown(first) === shown(second), `${shown(first)}, and then ${shown(second)}`);
    await trial.carryOut(first);
  });
}

async function isPlainData<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  const mustBePlain = (what: string, value: unknown) =>
    must(isPlain(value), `${what} is no plain JSON: ${shown(value)}`);
  await along(trial, async (intent) => {
    mustBePlain("what was seen", await trial.observe());
    const plan = await trial.planned(intent);
    mustBePlain("the plan", plan);
    if ("writes" in plan) await trial.carryOut(plan.writes);
  });
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object") {
    return ["string", "boolean", "undefined"].includes(typeof value) ||
      Number.isFinite(value);
  }
  if (value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isData = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return isData && Object.values(value).every(isPlain);
}

async function keepsForeign<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await trial.reset();
  const before = await trial.foreignText();
  must(before.length > 4, "nothing in the objects is somebody else's: put something there");
  await along(trial, async (intent) => {
    await trial.carryOut(await trial.plan(intent), async () => {
      const after = await trial.foreignText();
      must(after === before, `${before} became ${after}`);
    });
  });
}

async function ordersRoutes<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    await trial.make(intent);
    await mustHaveRoutes(trial, intent);
  });
}

async function converges<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    const goBack = await trial.snapshot();
    const writes = await trial.plan(intent);
    await trial.carryOut(writes);
    const end = await trial.text();
    for (let done = 1; done < writes.length; done++) {
      await goBack();
      // What was decided on versions is decided anew: they are counted on.
      await trial.carryOut((await trial.plan(intent)).slice(0, done));
      await trial.make(intent);
      const other = await trial.text();
      must(other === end, `interrupted after ${done} writes: ${other} instead of ${end}`);
    }
  });
}

async function repairs<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  const intent = fullest(trial.subject.router.abilities);
  await trial.reset();
  await trial.make(intent);
  const good = await trial.text();
  await trial.replace(trial.subject.drift(await trial.objects()));
  must(await trial.text() !== good, "drift() of the subject changes nothing");
  await trial.make(intent);
  await mustBeTrue(trial, intent);
  await mustHaveRoutes(trial, intent);
  const again = await trial.plan(intent);
  must(again.length === 0, `repaired and planned again, it writes ${shown(again)}`);
}

async function isGuarded<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  const { subject } = trial;
  for (const change of [subject.drift, subject.edit]) {
    await trial.reset();
    await trial.make(intentOf({ weight: 10 }));
    const writes = await trial.plan(fullest(subject.router.abilities));
    await trial.replace(change(await trial.objects()));
    const foreign = await trial.foreignText();
    for (const write of writes) {
      const before = await trial.text();
      if (await isRefused(trial, write)) {
        must(await trial.text() === before, "a write that was refused changed something");
        break;
      }
      const after = await trial.foreignText();
      must(after === foreign, `${shown(write)} changed what is not the router's: ${after}`);
    }
  }
}

async function isRefused<C, S extends SeenTraffic>(
  trial: Trial<C, S>,
  write: Write,
): Promise<boolean> {
  try {
    await trial.store.write(write);
    return false;
  } catch {
    return true;
  }
}

async function releases<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await trial.reset();
  await trial.carryOut(await trial.release());
  const never = await trial.text();
  for (const intent of [intentOf({ weight: 20 }), fullest(trial.subject.router.abilities)]) {
    await trial.reset();
    await trial.make(intent);
    await trial.carryOut(await trial.release(), () => mustBeSafe(trial, intent));
    const after = await trial.text();
    must(after === never, `${after} is left instead of ${never}`);
    const again = await trial.release();
    must(again.length === 0, `released again, it writes ${shown(again)}`);
  }
  await mustShare(trial, intentOf({ weight: 0 }));
}

async function verifies<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  const { router, ports = NO_ANSWER } = trial.subject;
  if (router.verify === undefined) return;
  const [intent, other] = [intentOf({ weight: 20 }), intentOf({ weight: 60 })];
  await trial.reset();
  await trial.make(intent);
  const verdicts: string[] = [];
  for (const asked of [intent, other]) {
    const call = { scope: trial.scope, seen: await trial.observe(), intent: asked };
    const { verdict } = await router.verify(call, ports);
    must(["yes", "no", "unknown"].includes(verdict), `there is no verdict ${shown(verdict)}`);
    verdicts.push(verdict);
  }
  const [ofTrue, ofFalse] = verdicts;
  must(ofTrue !== "no", "what is true is said not to be");
  must(ofFalse !== "yes", "what is not true is said to be");
}

async function tellsMissing<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  const { router, objects } = trial.subject;
  const references = trial.references(objects);
  must(references.length > 0, "the configuration names no object");
  for (const reference of references) {
    const key = trial.keyOf(reference);
    const others = objects.filter((object) => keyOfObject(object) !== key);
    // What is not there to begin with is the router's to make.
    if (others.length === objects.length) continue;
    await trial.replace(others);
    const plan = await trial.planned(intentOf({ weight: 20 }));
    if ("writes" in plan) throw new Broken(`without ${key} it writes ${shown(plan.writes)}`);
    must(plan.problem.message.length > 0, `without ${key} it says nothing`);
    if (!reference.isValidated) continue;
    const problems = router.problems?.(trial.scope, readerOf(others, NAMESPACE));
    must((problems?.missing.length ?? 0) > 0, `that ${key} is missing is no problem`);
  }
}

async function declares<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  const { resources } = trial.subject.router;
  const check = async (writes: readonly Write[]) => {
    const known = await trial.knownKeys();
    for (const { type, ref, verb } of writes) {
      const resource = resources.find(({ group, kind }) =>
        group === type.group && kind === type.kind
      );
      must(resource !== undefined, `${verb} of a ${type.kind}, which is not in resources`);
      const needed = verb === "patch" ? ["change", "create and delete"] : ["create and delete"];
      must(
        needed.includes(resource.access),
        `${verb} of a ${type.kind}, which it only may ${resource.access}`,
      );
      const isKnown = known.has(trial.keyOf({ type, ...ref }));
      must(isKnown, `${verb} of ${type.kind} "${ref.name}", which is not in references`);
    }
    await trial.carryOut(writes);
  };
  await along(trial, async (intent) => check(await trial.plan(intent)));
  await check(await trial.release());
}

async function sees<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await along(trial, async (intent) => {
    await trial.make(intent);
    const sorted = (lists: readonly Readonly<Record<string, number>>[]) =>
      lists.map((weights) => Object.values(withoutZero(weights)).sort((a, b) => a - b).join("+"))
        .sort().join(", ");
    const { routes } = await trial.observe();
    const seen = sorted(routes.map(({ weights }) => weights));
    const read = sorted((await routesOf(trial)).map(({ weights }) => weights));
    must(seen === read, `weights are said to be ${seen}, and are ${read}`);
  });
}

async function describesConfig<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await trial.reset();
  const { router, config, objects } = trial.subject;
  const { scope } = trial;
  if (router.config !== undefined) {
    const fields = router.config(checkingKit()) as Readonly<Record<string, Expected>>;
    const expected: Expected = { type: "object", isRequired: true, fields: () => fields };
    const wrong = valueProblems(config, expected);
    must(wrong.length === 0, `the table refuses the configuration: ${shown(wrong)}`);
    const unknown = unknownFieldsOf(config, expected);
    must(unknown.length === 0, `the table does not know ${shown(unknown)}`);
  }
  const reader = readerOf(objects, NAMESPACE);
  const { missing = [], wrong = [] } = router.problems?.(scope, reader) ?? {};
  const problems = [...router.specProblems?.(scope) ?? [], ...missing, ...wrong];
  must(problems.length === 0, `the configuration is refused: ${shown(problems)}`);
  for (const { location, name } of trial.references(objects)) {
    const value = location.reduce<unknown>((part, key) => Object(part)[key], scope.rollout);
    must(value !== undefined, `${name} is named at ${location.join(".")}, where nothing stands`);
  }
}

async function toleratesAnything<C, S extends SeenTraffic>(trial: Trial<C, S>): Promise<void> {
  await trial.reset();
  const { router, config, objects } = trial.subject;
  const names = Object.keys(fieldsOf(config));
  const odd: readonly unknown[] = [null, "", "x", 7, true, [], [null], [{}], {}, { name: 1 }];
  const configs: Fields[] = [
    {},
    ...names.flatMap((name) => odd.map((value) => ({ ...fieldsOf(config), [name]: value }))),
  ];
  for (const each of configs) {
    for (const there of [objects, []]) {
      const scope = { ...trial.scope, config: each as C };
      try {
        describe(router, scope, readerOf(there, NAMESPACE));
      } catch (error) {
        throw new Broken(`with ${shown(each)}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
}

/** Asks a router everything that it says about a configuration. */
function describe<C, S extends SeenTraffic>(
  router: Trial<C, S>["subject"]["router"],
  scope: RouterScope<C>,
  objects: ReturnType<typeof readerOf>,
): void {
  router.needsServices?.(scope);
  router.specProblems?.(scope);
  router.references(scope, objects);
  router.selections?.(scope);
  router.problems?.(scope, objects);
  router.remarks?.(scope, objects);
  router.headerMatchProblem?.(scope.config);
}
