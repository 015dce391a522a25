/** Short texts by name that outlive the program, also one that is killed. Rejects where the place cannot be used. */
export interface NoteFolder {
  /** All of them; none where nothing was ever written. */
  all(): Promise<readonly { readonly name: string; readonly text: string }[]>;
  /** Replaces what was there of this name, whole or not at all. */
  write(name: string, text: string): Promise<void>;
  /** One that is not there is no error. */
  remove(name: string): Promise<void>;
}
