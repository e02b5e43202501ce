/** A copy of one store, taken while a hub works on it, and put back into an empty one. */
export interface StoreBackup {
  /** The name of the copy inside a backup's folder. */
  readonly fileName: string;
  /** Writes the copy to `file`, synced. `onProgress` from 0 to 1. */
  take(file: string, onProgress: (done: number) => void): Promise<void>;
  /**
   * Puts a copy into an empty store, already marked as restored: in no moment could a hub start on it as if nothing had
   * happened. Throws StoreRefusal where the store is not empty.
   */
  putBack(file: string, inc: string): Promise<void>;
}
