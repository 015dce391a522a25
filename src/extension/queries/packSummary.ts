import { counted } from '../../base/counted.ts';
import { escapeMarkdown } from '../../base/markdown.ts';

/** What became of one query of a pack: a run and its answer, or why there was none. */
export interface PackLine {
  readonly name: string;
  readonly file: string;
  /** `3 of 3 workspaces answered`, or the reason. */
  readonly told: string;
  readonly rows?: number;
  readonly state: 'answered' | 'incomplete' | 'failed' | 'notAsked';
}

const WORDS: Readonly<Record<PackLine['state'], string>> = {
  answered: 'Answered',
  incomplete: 'Incomplete',
  failed: 'Failed',
  notAsked: 'Not asked',
};

/** One line a query: who answered, and how many rows. Markdown. */
export function packSummary(title: string, lines: readonly PackLine[], problems: readonly string[]): string {
  const full = lines.filter(({ state }) => state === 'answered').length;
  return [
    `# ${cell(title)}`,
    '',
    `${full} of ${counted(lines.length, 'query', 'queries')} answered in full. The rows of each stand in the Runs view.`,
    '',
    '| Query | | Who answered | Rows | File |',
    '| --- | --- | --- | ---: | --- |',
    ...lines.map(
      ({ name, state, told, rows, file }) =>
        `| ${cell(name)} | ${WORDS[state]} | ${cell(told)} | ${rows === undefined ? '' : rows.toLocaleString('en-US')} | ${cell(file)} |`,
    ),
    ...(problems.length > 0 ? ['', ...problems.map((problem) => `- ${cell(problem)}`)] : []),
    '',
  ].join('\n');
}

/** A text of others inside a table: on its line, and nothing in it acts. */
function cell(text: string): string {
  return escapeMarkdown(text.replaceAll(/\s+/g, ' ').trim().slice(0, 500));
}
