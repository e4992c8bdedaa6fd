/** What was found out from objects, kept for as long as these are the same. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { NamedObject, ObjectReader } from "../../../sdk/traffic_router.ts";

/** One object that was looked up, and what was there. */
interface Look {
  readonly wanted: NamedObject;
  readonly object: KubeObject | undefined;
}

interface Known<Value> {
  readonly value: Value;
  readonly looks: readonly Look[];
}

/**
 * Answers that follow from a Rollout, as it stands, and from the objects that were looked up for
 * them by name. Those that look objects up by their labels are found out anew each time.
 */
export class Remembered<Value> {
  readonly #known = new WeakMap<Rollout, Known<Value>>();

  of(
    rollout: Rollout,
    reader: ObjectReader,
    find: (reader: ObjectReader) => Value,
  ): Value {
    const known = this.#known.get(rollout);
    const isSame = known?.looks.every(({ wanted, object }) => reader.find(wanted) === object);
    if (known !== undefined && isSame === true) return known.value;
    const looks: Look[] = [];
    let isByName = true;
    const value = find({
      find: (wanted) => {
        const object = reader.find(wanted);
        looks.push({ wanted, object });
        return object;
      },
      select: (selection) => {
        isByName = false;
        return reader.select(selection);
      },
    });
    if (isByName) this.#known.set(rollout, { value, looks });
    else this.#known.delete(rollout);
    return value;
  }
}
