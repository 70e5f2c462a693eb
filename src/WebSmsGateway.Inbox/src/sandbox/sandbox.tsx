import { useSignal } from "@preact/signals";
import { h, type TargetedEvent, type TargetedSubmitEvent } from "preact";
import { useEffect } from "preact/hooks";
import { isAbort, send } from "../api/client";
import { t, type TextName } from "../i18n";
import { announce } from "../state/copying";
import { numbers } from "../state/numbers";
import { route } from "../state/route";
import { session } from "../state/session";
import { formatPhone } from "../text/phone";

// The sandbox passes these on to the simulator of WEBSMS, so that the page talks to nobody but its own origin.
const messages = "inbox/simulator/messages";
const behaviour = "inbox/simulator/behaviour";

const faults = {
  hang: { kind: "hang" },
  delay: { kind: "delay", milliseconds: 4000 },
  status: { kind: "status", status: 503 },
  reset: { kind: "reset" },
  garbage: { kind: "garbage" },
  truncate: { kind: "truncate", atFraction: 0.5 },
  credentials: { kind: "errorNum", errorNum: 2 },
} as const;

type Fault = keyof typeof faults;
const names = Object.keys(faults) as Fault[];

async function call(path: string, method: string, body: unknown): Promise<boolean> {
  const current = session.value;
  if (!current) return false;
  try {
    await send(path, current.credential, {
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
      signal: current.signal,
    });
    return true;
  } catch (fault) {
    if (!isAbort(fault)) announce(t("fault.other"));
    return false;
  }
}

/** Sends an SMS to the simulated WEBSMS, and lets it fail. */
export function Panel() {
  return (
    <section class="sandbox" aria-labelledby="sandbox-title">
      <h2 id="sandbox-title">{t("sandboxTitle")}</h2>
      <p class="muted small">{t("sandboxLead")}</p>
      <SendForm />
      <FaultSwitches />
    </section>
  );
}

function SendForm() {
  const sender = useSignal("Sberbank");
  const text = useSignal("Ваш код: 471108");
  const to = useSignal<string | null>(null);
  const number = to.value ?? route.value.number ?? numbers.value[0]?.number ?? "79021234567";
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (await call(messages, "POST", { rentedNumber: number, sender: sender.value, text: text.value }))
      announce(t("sent"));
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>{t("number")}</span>
        <select
          value={number}
          onChange={(event: TargetedEvent<HTMLSelectElement>) => (to.value = event.currentTarget.value)}
        >
          {numbers.value.map((item) => (
            <option key={item.number} value={item.number}>
              {item.label ?? formatPhone(item.number)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t("sender")}</span>
        <input
          name="sms-sender"
          value={sender.value}
          required
          maxLength={100}
          onInput={(event: TargetedEvent<HTMLInputElement>) => (sender.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t("text")}</span>
        <textarea
          name="sms-text"
          rows={2}
          value={text.value}
          maxLength={10000}
          onInput={(event: TargetedEvent<HTMLTextAreaElement>) => (text.value = event.currentTarget.value)}
        />
      </label>
      <button class="secondary" type="submit">
        {t("send")}
      </button>
    </form>
  );
}

function FaultSwitches() {
  const on = useSignal<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const current = session.value;
    if (!current) return;
    // Another tab may have set some.
    void send(behaviour, current.credential, { signal: current.signal })
      .then((response) => response.json())
      .then((set: { faults?: { kind: string }[] }) => {
        const kinds = set.faults?.map((fault) => fault.kind) ?? [];
        on.value = new Set(names.filter((name) => kinds.includes(faults[name].kind)));
      })
      .catch(() => undefined);
  }, []);
  const toggle = async (name: Fault): Promise<void> => {
    const next = new Set(on.value);
    if (!next.delete(name)) next.add(name);
    if (await call(behaviour, "PUT", { faults: names.filter((one) => next.has(one)).map((one) => faults[one]) }))
      on.value = next;
  };
  return (
    <fieldset class="faults">
      <legend>{t("faults")}</legend>
      {names.map((name) => (
        <label class="check" key={name}>
          <input
            type="checkbox"
            name={`fault-${name}`}
            checked={on.value.has(name)}
            onChange={() => void toggle(name)}
          />
          <span>{t(`sim.${name}` satisfies TextName)}</span>
        </label>
      ))}
    </fieldset>
  );
}
