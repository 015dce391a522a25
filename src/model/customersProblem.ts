/** One mistake in a customers file. `line` counts from 1; `file` is the name the reader gave. */
export interface CustomersProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** True where the text is no JSON: what stands behind it may be missing, a customer that a scope leaves out too. */
  readonly unreadable?: true;
}
