import { readFrontComment } from '../../kql/queryFiles/frontComment.ts';
import { parseFunctionLine } from '../../kql/queryFiles/functionLine.ts';
import { withoutReach } from '../../kql/queryFiles/withoutReach.ts';
import type { ReachlessText } from '../../kql/queryFiles/withoutReach.ts';
import type { SavedQuery } from '../../model/savedQuery.ts';

/** Lines of a description in a comment are about as long as people make them. */
const WIDTH = 100;

/**
 * A saved query as a file of KQL: what Azure keeps of it stands in its front comment, its text below as it is. A text
 * that has a name of its own in a comment keeps it. An empty `@description` or `@tags` says that Azure has none where
 * a comment of the text would be taken for one. Lines of it that would choose whom it asks are kept as comments that do
 * not count, and come in `ignored`: others can write saved queries.
 */
export function toQueryFile(saved: SavedQuery): ReachlessText {
  const { name, description, tags, category } = saved;
  const { text, ignored } = withoutReach(saved.text.replaceAll(/\r\n?/g, '\n'));
  const own = readFrontComment(text);
  const labels = [...new Set([...(category ? [category] : []), ...tags])].map(oneLine).filter(Boolean);
  const lines = [
    ...(own.names.length > 0 ? [] : [`// @name ${oneLine(name) || 'query'}`]),
    ...(own.names.length > 0 ? [] : descriptionLines(description ?? '', own.description)),
    ...(labels.length === 0 && own.tags.length === 0 ? [] : [`// @tags ${labels.join(', ')}`.trim()]),
    ...functionLines(saved),
  ];
  return { text: `${[...lines, text.trimEnd()].join('\n')}\n`, ignored };
}

function descriptionLines(description: string, taken: string | undefined): readonly string[] {
  const said = oneLine(description);
  if (said !== '') return wrapped(said).map((line) => `// @description ${line}`);
  return taken === undefined ? [] : ['// @description'];
}

/** None for what would not be read again: an export then leaves the function as it is there. */
function functionLines({ functionAlias, functionParameters = '' }: SavedQuery): readonly string[] {
  if (!functionAlias) return [];
  const line = `${oneLine(functionAlias)}(${oneLine(functionParameters)})`;
  return parseFunctionLine(line) ? [`// @function ${line}`] : [];
}

/** A text of Azure as a comment can hold it: one line, single blanks. */
export function oneLine(text: string): string {
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
