/** What counts and measures as things happen; what follows from objects needs nothing of it. */
import { type Family, numberText, type Sample } from "./exposition.ts";

export interface InstrumentOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}

/** Series by the values of their labels. */
abstract class Instrument<Label extends string, Series> {
  protected readonly options: InstrumentOptions<Label>;
  protected readonly series = new Map<string, { labels: Record<Label, string>; value: Series }>();

  constructor(options: InstrumentOptions<Label>) {
    this.options = options;
  }

  /** Forgets the series of what is gone. */
  keep(isKept: (labels: Readonly<Record<Label, string>>) => boolean): void {
    for (const [id, { labels }] of this.series) if (!isKept(labels)) this.series.delete(id);
  }

  protected seriesOf(labels: Record<Label, string>, start: () => Series) {
    const id = this.options.labels.map((label) => labels[label]).join("\0");
    let found = this.series.get(id);
    if (found === undefined) this.series.set(id, found = { labels, value: start() });
    return found;
  }
}

export class Counter<Label extends string = never> extends Instrument<Label, number> {
  add(labels: Record<Label, string>, by = 1): void {
    this.seriesOf(labels, () => 0).value += by;
  }

  family(): Family {
    const { name, help } = this.options;
    return { name, help, type: "counter", samples: this.series.values() };
  }
}

interface Distribution {
  /** How many were up to each bound, and above the bound before it. */
  readonly counts: number[];
  sum: number;
  count: number;
}

export class Histogram<Label extends string = never> extends Instrument<Label, Distribution> {
  readonly #bounds: readonly number[];

  constructor(options: InstrumentOptions<Label> & { readonly bounds: readonly number[] }) {
    super(options);
    this.#bounds = options.bounds;
  }

  observe(labels: Record<Label, string>, value: number): void {
    const { value: distribution } = this.seriesOf(labels, () => ({
      counts: this.#bounds.map(() => 0),
      sum: 0,
      count: 0,
    }));
    const index = this.#bounds.findIndex((bound) => value <= bound);
    if (index >= 0) distribution.counts[index] = (distribution.counts[index] ?? 0) + 1;
    distribution.sum += value;
    distribution.count++;
  }

  family(): Family {
    const { name, help } = this.options;
    return { name, help, type: "histogram", samples: this.#samples() };
  }

  *#samples(): Generator<Sample> {
    for (const { labels, value: { counts, sum, count } } of this.series.values()) {
      let upTo = 0;
      for (const [index, bound] of this.#bounds.entries()) {
        upTo += counts[index] ?? 0;
        yield { suffix: "_bucket", labels: { ...labels, le: numberText(bound) }, value: upTo };
      }
      yield { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: count };
      yield { suffix: "_sum", labels, value: sum };
      yield { suffix: "_count", labels, value: count };
    }
  }
}
