import { effect, signal, untracked } from "@preact/signals";
import { getJson, isAbort, Failure } from "../api/client";
import type { Credential, RentedNumber } from "../api/types";
import { settings } from "../settings";

const place = "inbox.credential";

/** Whoever is signed in, with the numbers that the gateway named at that moment. */
export interface Session {
  readonly credential: Credential | null;
  readonly numbers: readonly RentedNumber[];
  /** Ends everything that this session has begun. */
  readonly signal: AbortSignal;
}

export const session = signal<Session | null>(null);

/** Why the last session ended or did not begin; null if somebody signed out. */
export const signInFault = signal<Failure | null>(null);
export const isSigningIn = signal(false);

let life = new AbortController();

/** Signs in with a credential that the gateway takes. It is kept in memory, and in this tab's storage only if `keep` says so. */
export async function signIn(credential: Credential | null, keep: boolean): Promise<void> {
  life.abort();
  life = new AbortController();
  const { signal } = life;
  isSigningIn.value = true;
  signInFault.value = null;
  try {
    const { items } = await getJson<{ items: RentedNumber[] }>("rented-numbers", {}, credential, signal);
    if (keep && credential) sessionStorage.setItem(place, JSON.stringify(credential));
    session.value = { credential, numbers: items, signal };
  } catch (fault) {
    if (isAbort(fault)) return;
    if (!(fault instanceof Failure)) throw fault;
    // While WEBSMS fails the numbers are not known, and yet the caller is.
    if (fault.isOfUpstream) {
      if (keep && credential) sessionStorage.setItem(place, JSON.stringify(credential));
      session.value = { credential, numbers: [], signal };
    } else signInFault.value = fault;
  } finally {
    isSigningIn.value = false;
  }
}

/** Forgets the credential and everything that was read with it. */
export function signOut(fault: Failure | null = null): void {
  life.abort();
  sessionStorage.removeItem(place);
  session.value = null;
  signInFault.value = fault;
}

/** The credential was taken once and is taken no more. */
export const end = (): void => signOut(new Failure({ code: "ended" }));

/** Goes on with what this tab has kept, or at once where the gateway asks for no credentials. */
export function resume(): void {
  const kept = keptCredential();
  if (kept) void signIn(kept, true);
  else if (settings.anonymous) void signIn(null, false);
}

function keptCredential(): Credential | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? "null") as Partial<Credential> | null;
    const isCredential = (kept?.kind === "key" || kept?.kind === "ticket") && typeof kept.value === "string";
    return isCredential ? (kept as Credential) : null;
  } catch {
    return null;
  }
}

/** Runs something for each session, until it ends. */
export function perSession(run: (session: Session) => void): void {
  effect(() => {
    const current = session.value;
    if (current) untracked(() => run(current));
  });
}
