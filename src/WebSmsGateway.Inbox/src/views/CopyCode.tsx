import { h } from "preact";
import type { Code, Message } from "../api/types";
import { t } from "../i18n";
import { announce, copy } from "../state/copying";
import { list } from "../state/live";
import { opened } from "../state/selection";
import { preview } from "../text/parts";
import { Covered, Icon } from "./parts";

export const copyCode = (code: Code): Promise<void> => copy(code.value, t("copied"), t("copyFailed"));

/** Copies the code of the open message, or else the newest one of the list. */
export function copyNewestCode(): void {
  const entries = list.value?.messages.entries ?? [];
  const code = opened.value?.code ?? entries.find((entry) => entry.message.code)?.message.code;
  if (code) void copyCode(code);
  else announce(t("noCode"));
}

interface CopyCodeProps {
  readonly message: Message;
  readonly code: Code;
  readonly tabIndex?: number;
}

export function CopyCode({ message, code, tabIndex = 0 }: CopyCodeProps) {
  return (
    <button class="code" type="button" tabIndex={tabIndex} onClick={() => void copyCode(code)}>
      <span class="off-screen">{t("copyCodeOf", { sender: preview(message.sender, 60) })}</span>
      <Covered id={message.id}>
        <bdi>{code.value}</bdi>
      </Covered>
      <Icon name="copy" />
    </button>
  );
}
