import { useSignal } from "@preact/signals";
import { h, type TargetedEvent, type TargetedSubmitEvent } from "preact";
import type { Credential } from "../api/types";
import { t } from "../i18n";
import { settings } from "../settings";
import { isSigningIn, signIn, signInFault } from "../state/session";
import { faultText } from "./faults";
import { Brand, LanguageButton } from "./parts";

/** Asks for a key or a ticket. */
export function SignIn() {
  const kind = useSignal<Credential["kind"]>("key");
  const value = useSignal(settings.sandboxKey ?? "");
  const keep = useSignal(false);
  const isEmpty = useSignal(false);
  const fault = isEmpty.value ? t("needsCredential") : signInFault.value && faultText(signInFault.value);

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    isEmpty.value = value.value.trim() === "";
    if (!isEmpty.value) void signIn({ kind: kind.value, value: value.value.trim() }, keep.value);
  };
  const kindOption = (option: Credential["kind"], label: string) => (
    <label class="segment">
      <input type="radio" name="kind" checked={kind.value === option} onChange={() => (kind.value = option)} />
      <span>{label}</span>
    </label>
  );

  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit} autocomplete="off">
        <div class="row-of-two">
          <Brand />
          <LanguageButton />
        </div>
        <h1>{t("signInTitle")}</h1>
        <p class="muted">{t("signInLead")}</p>
        <fieldset class="segments">
          <legend class="off-screen">{t("credentialKind")}</legend>
          {kindOption("key", t("apiKey"))}
          {kindOption("ticket", t("ticket"))}
        </fieldset>
        <label class="field">
          <span>{kind.value === "key" ? t("apiKey") : t("ticket")}</span>
          <input
            type="password"
            name="credential"
            value={value.value}
            onInput={(event: TargetedEvent<HTMLInputElement>) => (value.value = event.currentTarget.value)}
            autocomplete="off"
            spellcheck={false}
            maxLength={4096}
            aria-invalid={fault !== null}
            aria-describedby={fault ? "sign-in-fault" : undefined}
          />
        </label>
        {fault && (
          <p class="fault" id="sign-in-fault" role="alert">
            {fault}
          </p>
        )}
        {settings.sandboxKey && !fault && <p class="muted small">{t("sandboxHint")}</p>}
        <label class="check">
          <input type="checkbox" checked={keep.value} onChange={() => (keep.value = !keep.value)} />
          <span>
            {t("keep")}
            <small class="muted">{t("keepHint")}</small>
          </span>
        </label>
        <button class="primary" type="submit" disabled={isSigningIn.value}>
          {isSigningIn.value ? t("signingIn") : t("signIn")}
        </button>
      </form>
    </main>
  );
}
