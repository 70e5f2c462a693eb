import type { Message } from "../api/types";
import type { Day } from "./days";
import { firstWhere } from "./search";

export interface Entry {
  readonly message: Message;
  readonly at: number;
  readonly day: Day;
}

/** Messages, newest first, each once. */
export class Sequence {
  readonly entries: Entry[] = [];
  private readonly ids = new Set<string>();

  get length(): number {
    return this.entries.length;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Puts a message in its place: before those of the same second, because it became known later. */
  insert(message: Message): number {
    const entry = entryOf(message);
    return this.put(
      firstWhere(this.entries, (other) => other.at <= entry.at),
      entry,
    );
  }

  /** Puts a message of a page in its place: behind those of the same second, as pages have them. */
  append(message: Message): number {
    const entry = entryOf(message);
    return this.put(
      firstWhere(this.entries, (other) => other.at < entry.at),
      entry,
    );
  }

  /** Lets everything behind a count go. */
  cut(count: number): void {
    for (const entry of this.entries.splice(count)) this.ids.delete(entry.message.id);
  }

  indexOf(id: string): number {
    return this.ids.has(id) ? this.entries.findIndex((entry) => entry.message.id === id) : -1;
  }

  /** The place of a message that was added; -1 for one that is here already. */
  private put(place: number, entry: Entry): number {
    if (this.ids.has(entry.message.id)) return -1;
    this.ids.add(entry.message.id);
    this.entries.splice(place, 0, entry);
    return place;
  }
}

const entryOf = (message: Message): Entry => ({
  message,
  at: Date.parse(message.receivedAt),
  day: message.receivedAt.slice(0, 10),
});
