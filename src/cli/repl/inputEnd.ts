import { isPreamble } from '../../kql/language/blocks.ts';
import { codeStart, scan } from '../../kql/scan.ts';

/**
 * Whether the lines typed so far are a whole query: it ends with a blank line, or with `;`. After statements that only
 * prepare one (`let x = 1;`) the query goes on, as it does in a document; so does it inside a text over several lines.
 */
export function isWhole(text: string): boolean {
  if (codeStart(text) >= text.length) return false;
  const { spans, separators } = scan(text);
  const last = spans.at(-1);
  const fence =
    last?.kind === 'string' && last.end === text.length ? /^(?:```|~~~)/.exec(text.slice(last.start))?.[0] : undefined;
  if (fence !== undefined && (text.length - last!.start < 2 * fence.length || !text.endsWith(fence))) return false;
  if (isPreamble(text)) return false;
  const separator = separators.at(-1);
  return /\n[^\S\n]*$/.test(text) || (separator !== undefined && codeStart(text, separator + 1) >= text.length);
}
