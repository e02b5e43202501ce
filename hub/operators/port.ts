import type { Role } from '../../protocol/api/console.ts';

export interface Operator {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordSalt: string;
  readonly passwordHash: string;
  /** Null where the person has no second factor. */
  readonly totpSealed: Uint8Array | null;
}

export interface OperatorStore {
  operator(user: string): Promise<Operator | null>;
  /** True the first time a one-time code's step is used, false ever after: a code seen over a shoulder is worth nothing. */
  spendTotpStep(user: string, step: number): Promise<boolean>;
  openSession(tokenHash: Uint8Array, user: string, expiresAt: number, at: number): Promise<void>;
  session(tokenHash: Uint8Array, at: number): Promise<Operator | null>;
  closeSession(tokenHash: Uint8Array): Promise<void>;
}
