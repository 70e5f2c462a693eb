import type { Day } from "../state/days";
import { firstWhere } from "../state/search";

export interface DayGroup {
  readonly day: Day;
  /** The index of its first message. */
  readonly start: number;
  readonly top: number;
}

/** Where everything stands in a list in which only what is seen is in the page: rows of one height below the names of their days. */
export class Layout {
  readonly groups: readonly DayGroup[];
  readonly height: number;

  constructor(
    entries: readonly { readonly day: Day }[],
    private readonly rowHeight: number,
    readonly dayHeight: number,
  ) {
    const groups: DayGroup[] = [];
    let last: Day | undefined;
    entries.forEach(({ day }, index) => {
      if (day !== last) groups.push({ day, start: index, top: index * rowHeight + groups.length * dayHeight });
      last = day;
    });
    this.groups = groups;
    this.height = entries.length * rowHeight + groups.length * dayHeight;
    this.count = entries.length;
  }

  private readonly count: number;

  topOf(index: number): number {
    const group = this.groups[firstWhere(this.groups, (candidate) => candidate.start > index) - 1];
    return group ? group.top + this.dayHeight + (index - group.start) * this.rowHeight : 0;
  }

  /** The index of the row at a height, or the next one below. */
  indexAt(y: number): number {
    const place = this.groupAt(y);
    const group = this.groups[place];
    if (!group) return 0;
    const inside = Math.max(0, Math.floor((y - group.top - this.dayHeight) / this.rowHeight));
    const end = this.groups[place + 1]?.start ?? this.count;
    return Math.min(group.start + inside, end - 1);
  }

  /** The groups of which something stands between two heights. */
  groupsBetween(from: number, to: number): readonly DayGroup[] {
    const first = Math.max(0, this.groupAt(from));
    return this.groups.slice(first, this.groupAt(to) + 1);
  }

  private groupAt(y: number): number {
    return firstWhere(this.groups, (candidate) => candidate.top > y) - 1;
  }
}
