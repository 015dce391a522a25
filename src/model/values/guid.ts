/** What may stand behind the digits of a guid: nothing, or anything. */
export interface GuidOptions {
  /**
   * `toguid()` takes the first 32 digits and does not look at what follows
   * (learn.microsoft.com/kusto/query/toguid-function); a literal and a cell are a guid as a whole or none.
   */
  readonly rest: 'refused' | 'ignored';
}

/** A guid in any of its usual writings, as 32 lower-case digits with dashes; undefined where the text is none. */
export function parseGuid(text: string, options: GuidOptions = { rest: 'refused' }): string | undefined {
  const match = /^\s*[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})/i.exec(text);
  if (!match || (options.rest === 'refused' && !/^[)}]?\s*$/.test(text.slice(match[0].length)))) return undefined;
  return match.slice(1).join('-').toLowerCase();
}
