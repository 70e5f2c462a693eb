import type { Failure } from "../api/client";
import { hasText, t } from "../i18n";

/** What a failure means for a person. */
export function faultText(failure: Failure): string {
  const name = `fault.${failure.code}`;
  if (failure.isOfUpstream) return t("fault.upstream");
  return hasText(name) ? t(name) : t("fault.other");
}

/** What the gateway says of faulty parameters, in its own words. */
export const faultDetails = (failure: Failure): string =>
  Object.values(failure.problem.errors ?? {})
    .flat()
    .join(" ");
