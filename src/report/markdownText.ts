import { plainText } from './plainText.ts';

/** A table of texts. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Names from a workspace are text: no link, no HTML, no entity, no table cell of their own. */
export function markdownText(said: string): string {
  return (
    plainText(said.replace(/[\r\n]+/g, ' '))
      .replace(/[\\`*_{}[\]<>#|!~&@]/g, '\\$&')
      // GitHub makes links of addresses that nobody marked as such.
      .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&')
  );
}
