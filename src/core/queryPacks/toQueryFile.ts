import { readFrontComment } from '../../kql/queryFiles/frontComment.ts';
import type { SavedQuery } from '../../model/savedQuery.ts';

/** Lines of a description in a comment are about as long as people make them. */
const WIDTH = 100;

/**
 * A saved query as a file of KQL: what Azure keeps of it stands in its front comment, its text below as it is. A text
 * that has a name of its own in a comment keeps it.
 */
export function toQueryFile({ name, text, description, tags, category, functionAlias }: SavedQuery): string {
  const own = readFrontComment(text);
  const labels = [...new Set([...(category ? [category] : []), ...tags])].map(oneLine).filter(Boolean);
  const lines = [
    ...(own.names.length > 0 ? [] : [`// @name ${oneLine(name) || 'query'}`]),
    ...(description && own.names.length === 0
      ? wrapped(oneLine(description)).map((line) => `// @description ${line}`)
      : []),
    ...(labels.length > 0 && own.tags.length === 0 ? [`// @tags ${labels.join(', ')}`] : []),
    ...(functionAlias ? [`// It is the function ${oneLine(functionAlias)}() of its workspace.`] : []),
  ];
  return `${[...lines, text.replaceAll(/\r\n?/g, '\n').trim()].join('\n')}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
