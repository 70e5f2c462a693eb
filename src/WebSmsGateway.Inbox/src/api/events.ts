/** One event of a stream. A block of comments alone is none. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
}

/** Reads Server-Sent Events from parts of text, however they are cut. */
export class EventParser {
  private rest = "";
  private searched = 0;

  /** Takes the next part, and gives the events that are complete. */
  feed(part: string): StreamEvent[] {
    this.rest += part;
    const events: StreamEvent[] = [];
    // What was searched is not searched again: a message of a megabyte comes in many parts.
    for (let end; (end = this.rest.indexOf("\n\n", this.searched)) >= 0; this.searched = 0) {
      const event = eventOf(this.rest.slice(0, end));
      if (event) events.push(event);
      this.rest = this.rest.slice(end + 2);
    }
    this.searched = Math.max(0, this.rest.length - 1);
    return events;
  }
}

function eventOf(block: string): StreamEvent | null {
  let event = "message";
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (line.startsWith("event:")) event = value;
    else if (line.startsWith("data:")) data.push(value);
    else if (line.startsWith("id:")) id = value;
  }
  if (data.length === 0 && id === undefined) return null;
  return { event, data: data.join("\n"), ...(id === undefined ? {} : { id }) };
}
