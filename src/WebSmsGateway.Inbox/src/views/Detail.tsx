import { h } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Message } from "../api/types";
import { formatCount, t } from "../i18n";
import { formatAge, formatExact, now, zoneAt } from "../i18n/times";
import { copy } from "../state/copying";
import { isCovered, shownId } from "../state/cover";
import { labelOf } from "../state/numbers";
import { route } from "../state/route";
import { close, keyOf, opened, openFault } from "../state/selection";
import { blocksOf, partsOf } from "../text/parts";
import { formatPhone } from "../text/phone";
import { CopyCode } from "./CopyCode";
import { faultText } from "./faults";
import { Covered, Icon, Text } from "./parts";

/** A text of this length is shown at once. The rest of a longer one is shown on demand. */
const shownAtOnce = 10_000;

/** The open message. */
export function Detail() {
  const title = useRef<HTMLHeadingElement>(null);
  const message = opened.value;
  const fault = openFault.value?.key === keyOf(route.value) ? openFault.value.failure : undefined;
  useEffect(() => title.current?.focus(), [message?.id]);
  return (
    <section class="detail" aria-labelledby="detail-title">
      <header class="bar">
        <button class="icon-button" type="button" aria-label={t("back")} onClick={close}>
          <Icon name="back" />
        </button>
        <h2 id="detail-title" ref={title} tabIndex={-1}>
          {message ? (
            <bdi>
              <Text text={formatPhone(message.sender)} />
            </bdi>
          ) : (
            t("message")
          )}
        </h2>
      </header>
      {message && <Body key={message.id} message={message} />}
      {!message && (
        <p class={fault ? "fault" : "muted"} role="status">
          {fault ? faultText(fault) : t("loading")}
        </p>
      )}
    </section>
  );
}

function Body({ message }: { readonly message: Message }) {
  const hasLinks = useSignal(false);
  const isWhole = useSignal(false);
  const { id, rentedNumber, text, code } = message;
  const at = Date.parse(message.receivedAt);
  const label = labelOf(rentedNumber);
  const shown = isWhole.value ? text : text?.slice(0, shownAtOnce);
  const parts = partsOf(shown ?? "");
  const [canLink, hasMarks] = [parts.some((part) => part.kind === "link"), parts.some((part) => part.kind === "mark")];

  return (
    <div class="detail-body">
      <dl class="facts">
        <div>
          <dt>{t("received")}</dt>
          <dd>
            <time dateTime={message.receivedAt}>{formatExact(at)}</time>
            <span class="muted">
              {zoneAt(at)} · {formatAge(at, now.value)}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t("number")}</dt>
          <dd>
            {label ?? formatPhone(rentedNumber)}
            {label && <span class="muted">{formatPhone(rentedNumber)}</span>}
          </dd>
        </div>
        {code && (
          <div>
            <dt>{t("code")}</dt>
            <dd>
              <CopyCode message={message} code={code} />
              {code.confidence === "medium" && <span class="muted">{t("codeMedium")}</span>}
              {code.origin && (
                <span class="muted">
                  {t("codeOrigin")} <Text text={code.origin} />
                </span>
              )}
            </dd>
          </div>
        )}
      </dl>
      {shown === undefined ? (
        <p class="muted">{t("noText")}</p>
      ) : (
        <div class="whole-text">
          {blocksOf(shown).map((block, index) => (
            <p key={index} dir="auto">
              <Covered id={id}>
                <Text text={block} links={hasLinks.value} />
              </Covered>
            </p>
          ))}
        </div>
      )}
      <div class="buttons">
        {isCovered.value && shownId.value !== id && (
          <button class="secondary" type="button" onClick={() => (shownId.value = id)}>
            {t("show")}
          </button>
        )}
        {text !== undefined && shown !== text && (
          <button class="secondary" type="button" onClick={() => (isWhole.value = true)}>
            {t("showAll", { count: formatCount(text.length) })}
          </button>
        )}
        {canLink && !hasLinks.value && (
          <button class="secondary" type="button" onClick={() => (hasLinks.value = true)}>
            {t("showLinks")}
          </button>
        )}
        {text && (
          <button class="secondary" type="button" onClick={() => void copy(text, t("copiedText"), t("copyFailed"))}>
            {t("copyText")}
          </button>
        )}
      </div>
      {hasMarks && <p class="muted small">{t("marks")}</p>}
    </div>
  );
}
