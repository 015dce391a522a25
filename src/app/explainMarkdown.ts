import { codeBlock, codeSpan, escapeMarkdown } from '../base/markdown.ts';
import { visibleText } from '../base/visibleText.ts';
import { counted } from '../base/counted.ts';
import { targetNoun } from '../model/run.ts';
import type { CountedRows, QueryReaders, RunExplanation } from '../model/run.ts';

/** How a plan is written. */
export interface ExplainForm {
  /** Level of its headings; 2 unless given. */
  readonly level?: number;
  /** Targets told by name for each text; 10 unless given. */
  readonly named?: number;
  /** For a screen that shows Markdown as it stands: names and sentences as they are, no mark of Markdown escaped. */
  readonly plain?: boolean;
}

type TextForm = (text: string) => string;

/** Text of others on one line, as it is. */
function plainLine(text: string): string {
  return visibleText(text.replace(/[\r\n]+/g, ' '));
}

/** Targets told by name for each text, unless it is said otherwise. */
const NAMED = 10;
/** Workspaces that keep the text, each told by name: these matter more. */
const NAMED_READERS = 50;

/**
 * The plan of a run as a document (Markdown): what each group of targets is sent, what comes back, and what is made of
 * it here.
 */
export function explainMarkdown(
  explanation: RunExplanation,
  { level = 2, named = NAMED, plain = false }: ExplainForm = {},
): string {
  const text = plain ? plainLine : escapeMarkdown;
  const namesOf = (targets: readonly string[]): string => namesUpTo(named, targets.map(text));
  const { answer, source, perWorkspaceNote, promise, parts, local, readers, problems } = explanation;
  const noun = targetNoun(source);
  const heading = (text: string): string => `${'#'.repeat(level)} ${text}`;
  const lines = [
    heading('Answer'),
    '',
    answer === 'perWorkspace'
      ? `**Per workspace.** ${text(perWorkspaceNote?.sentence ?? `Each ${noun}'s own answer, one under the other.`)}`
      : `**Across**: the rows that one ${noun} holding everybody's rows would return. ${promiseText(promise, text)}`,
  ];
  for (const { name, columns, texts, lacking, leftOut = [], most, counted: rows, uncounted } of parts) {
    lines.push('', heading(parts.length > 1 || local !== undefined ? `Sent: ${text(name)}` : 'Sent'));
    for (const { text: sent, targets, requests } of texts) {
      const together =
        requests === undefined
          ? ''
          : ` in ${counted(requests, 'request')}, each with the ids of the workspaces it asks`;
      lines.push('', `To ${counted(targets.length, noun)}${together}: ${namesOf(targets)}`);
      lines.push('', codeBlock(sent, 'kusto'));
    }
    if (rows) lines.push('', `Rows: ${countText(rows, text)}`);
    else if (most !== undefined) {
      const asked = texts.reduce((sum, { targets }) => sum + targets.length, 0);
      lines.push('', `Rows: at most ${counted(most * asked, 'row')}, by the query itself.`);
    }
    if (uncounted !== undefined) lines.push('', `Rows are not counted: ${text(uncounted)}.`);
    if (leftOut.length > 0) lines.push('', `Not asked, because the query leaves them out: ${namesOf(leftOut)}`);
    if (lacking.length > 0) lines.push('', `Not asked, because they have none of its tables: ${namesOf(lacking)}`);
    if (columns)
      lines.push('', `What travels: ${columns.map(({ name: own, type }) => codeSpan(`${own}: ${type}`)).join(', ')}`);
  }
  if (local !== undefined) lines.push('', heading('Made of it here'), '', codeBlock(local, 'kusto'));
  else if (answer === 'across') lines.push('', `The rows are shown one ${noun} under the other.`);
  if (readers && source === undefined)
    lines.push('', heading('Who can read the query'), '', ...readerLines(readers, namesOf, text));
  if (problems.length > 0)
    lines.push(
      '',
      heading(`Not asked: ${problems.length}`),
      '',
      ...problems.map(({ target, message }) => `- ${text(target)}: ${text(message)}`),
    );
  return `${lines.join('\n')}\n`;
}

/** Whose readers of logs find the text of the query, and of whom that is not known. Comments are never sent. */
function readerLines(
  { asked, audited, unseen }: QueryReaders,
  namesOf: (targets: readonly string[]) => string,
  text: TextForm,
): string[] {
  const silent = asked - audited.length - unseen.length;
  return [
    ...audited.slice(0, NAMED_READERS).map(({ target, keptIn }) => {
      const where = keptIn.length > 0 ? ` in ${keptIn.map(text).join(', ')}` : '';
      return `- **${text(target)}** keeps its text${where} (audit of queries, table \`LAQueryLogs\`).`;
    }),
    ...(audited.length > NAMED_READERS ? [`- ${audited.length - NAMED_READERS} more keep its text.`] : []),
    ...(unseen.length > 0
      ? [
          `- Not visible to you in ${counted(unseen.length, 'workspace')}: ${namesOf(unseen.map(({ target }) => target))}. ${text(unseen[0]!.message)}`,
        ]
      : []),
    ...(silent > 0 ? [`- ${counted(silent, 'workspace')} ${silent === 1 ? 'keeps' : 'keep'} no text of queries.`] : []),
    ...(asked === 0 ? ['- Nobody would be sent it.'] : []),
  ];
}

function countText({ rows, workspaces, failed = 0, reason }: CountedRows, text: TextForm): string {
  const told = `${counted(rows, 'row')}, counted just now by ${counted(workspaces, 'workspace')}.`;
  return failed === 0 ? told : `${told} ${failed} could not count: ${text(reason ?? '')}`;
}

function promiseText(promise: RunExplanation['promise'], text: TextForm): string {
  return promise?.kind === 'approximate' ? `Approximate: ${text(promise.error)}` : 'Exact.';
}

function namesUpTo(named: number, targets: readonly string[]): string {
  const more = Math.max(0, targets.length - named);
  const names = targets.slice(0, named).join(', ');
  return `${names}${more > 0 ? ` and ${more} more` : ''}`;
}
