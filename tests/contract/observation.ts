/** Records what a watch delivers. */
import type { WatchEvent, WatchHandle, WatchSink } from "../../core/ports/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";

/** A sink that keeps everything it is told, in order. */
export class Observation implements WatchSink {
  /** Changes, without bookmarks. */
  readonly events: WatchEvent[] = [];
  /** The objects of bookmarks. */
  readonly bookmarks: KubeObject[] = [];
  /** How often the watch began: once at most. */
  openings = 0;
  /** How often the watch ended: once at most. */
  ends = 0;
  error: Error | undefined;
  #handle: WatchHandle | undefined;

  opened(): void {
    this.openings++;
  }

  event(event: WatchEvent): void {
    if (event.type === "BOOKMARK") this.bookmarks.push(event.object);
    else this.events.push(event);
  }

  end(error?: Error): void {
    this.ends++;
    this.error = error;
  }

  /** Takes the handle of the watch that reports here. */
  holds(handle: WatchHandle): this {
    this.#handle = handle;
    return this;
  }

  stop(): void {
    this.#handle?.stop();
  }

  /** The changes as `TYPE name`, in order. */
  story(): string[] {
    return this.events.map(({ type, object }) => `${type} ${object.metadata.name}`);
  }

  /** The story once it holds this line; undefined before. */
  storyUntil(line: string): string[] | undefined {
    const story = this.story();
    return story.includes(line) ? story : undefined;
  }
}
