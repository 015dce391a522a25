/** Names that may stand where a cursor is, and the text (UTF-16 offsets) that one of them replaces. */
export interface NamesAt {
  readonly names: readonly string[];
  /** What they are: `customer`, `group`, `table`, `role`, `action group`. */
  readonly what: string;
  /** A name of an object, which wants a value behind it unless it has one. */
  readonly isName: boolean;
  readonly hasValue: boolean;
  readonly start: number;
  readonly end: number;
}
