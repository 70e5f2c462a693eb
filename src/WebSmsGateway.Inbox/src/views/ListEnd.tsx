import { h, Fragment } from "preact";
import { t } from "../i18n";
import { formatDate } from "../i18n/times";
import { list, reload } from "../state/live";
import { faultDetails, faultText } from "./faults";
import { Icon } from "./parts";

/** What stands below the last message: why there is none, what is being read, or how far back was looked. */
export function ListEnd() {
  const shown = list.value;
  if (!shown) return null;
  const [failure, reached] = [shown.failure.value, shown.lookedBackTo.value];
  const isEmpty = shown.content.value.messages.length === 0;
  if (failure) {
    return (
      <div class="list-end">
        <p class="fault" role="alert">
          {faultText(failure)} {faultDetails(failure)}
        </p>
        {failure.code !== "forbidden" && (
          <button class="secondary" type="button" onClick={() => (isEmpty ? reload() : void shown.loadOlder())}>
            {t("retry")}
          </button>
        )}
      </div>
    );
  }
  if (shown.loading.value || shown.looksOnByItself) {
    return (
      <div class="list-end">
        <p class="muted">{t("loading")}</p>
      </div>
    );
  }
  const { sender, text, withCode } = shown.route;
  return (
    <div class="list-end">
      {isEmpty && (
        <>
          <Icon name="inbox" />
          <h2>{(sender ?? text ?? withCode) ? t("emptyFiltered") : t("emptyTitle")}</h2>
          <p class="muted">{t("emptyText")}</p>
        </>
      )}
      {reached && <p class="muted small">{t("lookedBack", { day: formatDate(reached) })}</p>}
      <button class="secondary" type="button" onClick={() => void shown.loadOlder()}>
        {t("lookFurther")}
      </button>
    </div>
  );
}
