import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { madeNote } from '../../model/madeNote.ts';
import type { Run } from '../../model/run.ts';
import { codeBlock, escapeMarkdown } from '../../base/markdown.ts';
import type { RunBook } from '../session/runBook.ts';
import { titleOfQuery } from '../session/queryTitle.ts';
import { clock, textsOfRun } from './runTexts.ts';

/** The history of runs, newest first. Rows are the snapshots themselves, so that a command knows its run. */
export class RunsTree implements TreeDataProvider<Run>, Disposable {
  private readonly changed = new Emitter<undefined>();
  private readonly runs: RunBook;

  readonly onDidChangeTreeData = this.changed.event as Event<undefined>;

  constructor(runs: RunBook) {
    this.runs = runs;
  }

  refresh(): void {
    this.changed.fire(undefined);
  }
  dispose(): void {
    this.changed.dispose();
  }

  getChildren(run?: Run): Run[] {
    return run ? [] : [...this.runs.runs];
  }
  getParent(): undefined {
    return undefined;
  }

  getTreeItem(run: Run): TreeItem {
    const texts = textsOfRun(run, clock);
    const item = new TreeItem(texts.label, TreeItemCollapsibleState.None);
    item.id = run.id;
    item.description = texts.description;
    item.iconPath = new ThemeIcon(
      texts.icon.id,
      texts.icon.colour === undefined ? undefined : new ThemeColor(texts.icon.colour),
    );
    item.contextValue = texts.contextValue;
    item.tooltip = new MarkdownString(
      [
        ...(run.label === undefined ? [] : [escapeMarkdown(titleOfQuery(run.query))]),
        escapeMarkdown(`${run.completeness.sentence}.`),
        ...(run.made ? [escapeMarkdown(madeNote(run.made).text)] : []),
        ...(run.error ? [escapeMarkdown(run.error.message)] : []),
        codeBlock(run.query.slice(0, 1000), 'kusto'),
      ].join('\n\n'),
    );
    item.command = { command: 'tenantscope.runs.open', title: 'Show Results', arguments: [run] };
    return item;
  }
}
