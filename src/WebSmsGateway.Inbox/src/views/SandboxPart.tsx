import { signal } from "@preact/signals";
import { h, type ComponentType } from "preact";

const panel = signal<ComponentType | null>(null);
let isAsked = false;

/** The part that only the sandbox serves, loaded when the rest is there. */
export function SandboxPart() {
  if (!isAsked) {
    isAsked = true;
    void import("../sandbox/sandbox").then((part) => (panel.value = part.Panel));
  }
  const Panel = panel.value;
  return Panel && <Panel />;
}
