/**
 * Events that wait to be posted: those of one object in their order, one at a time, and each object
 * in its turn. Objects with a Warning among theirs have their turns before all others.
 */

/** One call to be made. */
export interface Post {
  /** Whom the event is about: posts of one lane keep their order. */
  readonly lane: string;
  /** It goes before those of other lanes, and so does what is before it in its own. */
  readonly isUrgent: boolean;
  readonly send: () => Promise<void>;
}

/** What of one object waits, oldest first. */
interface LaneQueue<Entry> {
  readonly waiting: Entry[];
  /** How many of them are urgent. */
  urgent: number;
}

export class EventQueue<Entry extends Post> {
  /** In the order in which they came: the oldest give way. */
  readonly #all = new Set<Entry>();
  readonly #lanes = new Map<string, LaneQueue<Entry>>();
  /** Lanes whose turn may come, in the order of their turns. */
  readonly #urgent = new Set<string>();
  readonly #plain = new Set<string>();
  /** Lanes with a post under way: none of theirs may overtake it. */
  readonly #held = new Set<string>();

  get size(): number {
    return this.#all.size;
  }

  add(entry: Entry): void {
    const { waiting } = this.#update(entry, 1);
    waiting.push(entry);
    this.#all.add(entry);
    this.#place(entry.lane);
  }

  /** The next one, whose lane is held until it is released; undefined: none may go. */
  take(): Entry | undefined {
    const lane = firstOf(this.#urgent) ?? firstOf(this.#plain);
    if (lane === undefined) return undefined;
    this.#held.add(lane);
    return this.#remove(lane);
  }

  /** The post of this lane is over: the next of its posts may go, in its turn. */
  release(lane: string): void {
    this.#held.delete(lane);
    this.#place(lane);
  }

  /** Gives the oldest of all up. */
  dropOldest(): void {
    const oldest = firstOf(this.#all);
    if (oldest !== undefined) this.#remove(oldest.lane);
  }

  clear(): void {
    for (const kept of [this.#all, this.#lanes, this.#urgent, this.#plain]) kept.clear();
  }

  /** Takes the oldest of a lane out. */
  #remove(lane: string): Entry | undefined {
    const entry = this.#lanes.get(lane)?.waiting.shift();
    if (entry === undefined) return undefined;
    this.#all.delete(entry);
    this.#update(entry, -1);
    this.#place(lane);
    return entry;
  }

  #update({ lane, isUrgent }: Entry, by: number): LaneQueue<Entry> {
    const queue = this.#lanes.get(lane) ?? { waiting: [], urgent: 0 };
    this.#lanes.set(lane, queue);
    if (isUrgent) queue.urgent += by;
    return queue;
  }

  /** A lane that is among those that wait for their turn keeps its place there. */
  #place(lane: string): void {
    const queue = this.#lanes.get(lane);
    const isEmpty = queue === undefined || queue.waiting.length === 0;
    if (isEmpty) this.#lanes.delete(lane);
    const isWaiting = !isEmpty && !this.#held.has(lane);
    const isUrgent = isWaiting && queue.urgent > 0;
    if (isUrgent) this.#urgent.add(lane);
    else this.#urgent.delete(lane);
    if (isWaiting && !isUrgent) this.#plain.add(lane);
    else this.#plain.delete(lane);
  }
}

function firstOf<Item>(items: Iterable<Item>): Item | undefined {
  for (const item of items) return item;
  return undefined;
}
