import type { Fields } from "../../../sdk/wire/json.ts";

/** An image of this name fails in any world. */
const ABSENT_IMAGE = "does-not-exist";

/** What is wrong with images: the same for all of their pods. */
export class ImageTroubles {
  readonly #unpullable = new Set<string>();
  readonly #unschedulable = new Set<string>();
  readonly #unready = new Set<string>();
  /** How long containers run before they crash. */
  readonly #crashing = new Map<string, number>();

  failPulls(image: string): void {
    this.#unpullable.add(image);
  }

  failScheduling(image: string): void {
    this.#unschedulable.add(image);
  }

  failReadiness(image: string): void {
    this.#unready.add(image);
  }

  crash(image: string, afterMs: number): void {
    this.#crashing.set(image, afterMs);
  }

  heal(image: string): void {
    this.#unpullable.delete(image);
    this.#unschedulable.delete(image);
    this.#unready.delete(image);
    this.#crashing.delete(image);
  }

  isUnpullable({ image }: Fields): boolean {
    return String(image).includes(ABSENT_IMAGE) || this.#unpullable.has(String(image));
  }

  isUnschedulable({ image }: Fields): boolean {
    return this.#unschedulable.has(String(image));
  }

  isUnready({ image }: Fields): boolean {
    return this.#unready.has(String(image));
  }

  /** How long a container runs before it crashes; undefined when it does not. */
  crashesAfterMs({ image }: Fields): number | undefined {
    return this.#crashing.get(String(image));
  }
}
