/**
 * What each name does, in one or two sentences of our own. `= other` is another name of something that stands in the
 * same kind.
 */
export type Texts = Readonly<Record<string, string>>;
