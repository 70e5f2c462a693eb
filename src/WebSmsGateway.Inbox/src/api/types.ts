/** A message as the gateway gives it. */
export interface Message {
  readonly id: string;
  readonly rentedNumber: string;
  readonly sender: string;
  /** RFC 3339 with the offset that the account's zone had at that time: its first ten characters are the local day. */
  readonly receivedAt: string;
  /** Absent for a caller who may read codes only. */
  readonly text?: string;
  readonly code?: Code;
}

export interface Code {
  readonly value: string;
  readonly confidence: "high" | "medium";
  readonly origin?: string;
}

/** What is not certain about a day, or about one record of it. */
export interface DayProblem {
  readonly day: string;
  readonly reason: string;
  readonly position?: number;
  readonly count?: number;
  /** How many further records of this kind are not listed. */
  readonly more?: number;
}

export interface Page {
  readonly items: readonly Message[];
  readonly nextCursor: string | null;
  readonly completeUntil: string;
  readonly stale: boolean;
  readonly problems: readonly DayProblem[];
}

export interface RentedNumber {
  readonly number: string;
  readonly label: string | null;
  readonly messageCount: number;
  readonly lastMessageAt: string | null;
  readonly silent?: boolean;
}

/** A problem as RFC 9457 has it. */
export interface Problem {
  readonly code: string;
  readonly title?: string;
  readonly detail?: string;
  readonly status?: number;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

export interface Credential {
  readonly kind: "key" | "ticket";
  readonly value: string;
}
