import { visibleLines, visibleText } from './visibleText.ts';

/** Text of others as literal Markdown: no link, image, heading or HTML of theirs takes effect. */
export function escapeMarkdown(text: string): string {
  return visibleText(text.replace(/[\r\n]+/g, ' ')).replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&');
}

/**
 * The same for a text that is also read as it is, in a mail: only what would take effect where it stands is escaped, so
 * that addresses, names and ids stay as they are copied.
 */
export function escapeForMail(text: string): string {
  return visibleText(text.replace(/[\r\n]+/g, ' '))
    .replace(/[\\`*[\]<>|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)|:(?=\/\/)|(?<=\bwww)\./giu, '\\$&')
    .replace(/^(\s*)([#+=-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

/** Text of others in a code span; the fence is longer than any run of backticks inside. */
export function codeSpan(text: string): string {
  const line = visibleText(text.replace(/[\r\n]+/g, ' '));
  const fence = '`'.repeat(1 + longestTicks(line));
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Text of others in a fenced block. */
export function codeBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, 1 + longestTicks(text)));
  return `${fence}${language}\n${visibleLines(text)}\n${fence}`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
