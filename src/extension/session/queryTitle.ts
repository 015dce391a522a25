import type { Run } from '../../model/run.ts';

const LONGEST = 60;

/**
 * What a query is called in lists: its `@name`, else the first sentence of its first comment line that is no directive,
 * else its first line of code. Never empty.
 */
export function titleOfQuery(query: string): string {
  const lines = query
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const name = lines.map((line) => /^\/\/\s*@name(?![\w-])\s*:?\s*(.+)$/i.exec(line)?.[1]).find(Boolean);
  const comment = lines.find((line) => line.startsWith('//') && !/^\/\/\s*@/.test(line) && /[\p{L}\p{N}]/u.test(line));
  const title =
    name ??
    comment?.replace(/^\/+\s*/, '').replace(/(?<=\p{L}{2}[.?!])\s(?=\p{Lu}).*$/u, '') ??
    lines.find((line) => !line.startsWith('//')) ??
    lines[0] ??
    'Empty query';
  return title.length > LONGEST ? `${title.slice(0, LONGEST - 1)}…` : title;
}

/** What a run is called: by its person, else by what it was made of or by its query. Never empty. */
export function titleOfRun({ label, made, query }: Pick<Run, 'label' | 'made' | 'query'>): string {
  if (label !== undefined && label !== '') return label;
  const title = titleOfQuery(query);
  return made?.kind === 'comparison' ? `Changes: ${title}` : title;
}
