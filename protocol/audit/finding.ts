/** What an auditor is told: a stable code, where, and a sentence. */
export interface Finding {
  /** Kebab-case, stable. */
  readonly code: string;
  readonly where: string;
  readonly says: string;
}
export type Report = (code: string, where: string, says: string) => void;
