import type { Credential, Problem } from "./types";

const timeout = 30_000;

/** A request that brought no answer to show: a problem of the gateway, or no answer at all (`network`). */
export class Failure extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds after which to try again, if the gateway says so. */
    readonly retryAfter?: number,
  ) {
    super(problem.code);
  }

  get code(): string {
    return this.problem.code;
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    const { status } = this.problem;
    return status === undefined || status === 429 || status >= 500;
  }

  get isOfUpstream(): boolean {
    return this.code.startsWith("upstream-");
  }
}

export const noAnswer = (): Failure => new Failure({ code: "network" });

/** How far the clock of the gateway is ahead of that of the browser, in milliseconds. */
let ahead = 0;

/** The time by the gateway's clock, so that ages are right where that of the browser is wrong. */
export const serverNow = (): number => Date.now() + ahead;

/** The headers that carry the credentials. They are never part of an address. */
export function credentialHeaders(credential: Credential | null): Record<string, string> {
  if (!credential) return {};
  return credential.kind === "key"
    ? { "X-Api-Key": credential.value }
    : { Authorization: `Bearer ${credential.value}` };
}

/** Sends a request to the gateway that served the page. The answer is 2xx: everything else is thrown as a `Failure`. */
export async function send(path: string, credential: Credential | null, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, document.baseURI), {
      ...init,
      headers: { ...credentialHeaders(credential), ...(init.headers as Record<string, string> | undefined) },
      credentials: "omit",
      // Messages are personal: the browser keeps none of them on its disk.
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch (fault) {
    throw init.signal?.aborted && fault instanceof DOMException && fault.name === "AbortError" ? fault : noAnswer();
  }
  setClock(response.headers.get("Date"));
  if (response.ok) return response;
  throw new Failure(await problemOf(response), Number(response.headers.get("Retry-After")) || undefined);
}

/** Reads JSON, and gives up after half a minute. */
export async function getJson<T>(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  credential: Credential | null,
  signal: AbortSignal,
): Promise<T> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  const response = await send(text ? `${path}?${text}` : path, credential, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  });
  try {
    return (await response.json()) as T;
  } catch (fault) {
    throw signal.aborted ? fault : noAnswer();
  }
}

/** Whether a fault only says that nobody waits for the answer any more. */
export const isAbort = (fault: unknown): boolean => fault instanceof DOMException && fault.name === "AbortError";

/** For work that ends with its session. */
export function ignoreAbort(fault: unknown): void {
  if (!isAbort(fault)) throw fault;
}

function setClock(date: string | null): void {
  const server = Date.parse(date ?? "");
  // The header has whole seconds, so smaller differences mean nothing.
  if (!Number.isNaN(server)) ahead = Math.abs(server - Date.now()) < 2000 ? 0 : server - Date.now();
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    if (typeof problem.code === "string") return problem as Problem;
  } catch {
    // A proxy answered, not the gateway.
  }
  return { code: response.status === 401 ? "unauthenticated" : "network", status: response.status };
}
