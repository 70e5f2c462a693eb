import type { Message } from "../api/types";
import type { Route } from "./route";

/** Whether a message that arrived belongs to the list of a route. The gateway decides the same for the messages of pages. */
export function belongs(message: Message, route: Route): boolean {
  return (
    (!route.number || message.rentedNumber === route.number) &&
    (!route.sender || bare(message.sender) === bare(route.sender)) &&
    (!route.text || (message.text ?? "").toLowerCase().includes(route.text.toLowerCase())) &&
    (!route.withCode || message.code !== undefined)
  );
}

/** A sender without letter case, and a number without its plus. */
const bare = (sender: string): string =>
  sender
    .trim()
    .replace(/^\+(?=\d+$)/, "")
    .toLowerCase();
