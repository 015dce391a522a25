import { escapeMarkdown } from '../../base/markdown.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { visibleLines } from '../../base/visibleText.ts';
import { MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { StatusBarItem } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { AnswerMode } from '../../model/run.ts';
import { ANSWER_DETAILS, ANSWER_LABELS } from './pickAnswer.ts';
import type { RunId } from '../../model/ids.ts';
import type { CommandId } from '../platform/commandIds.ts';

/** What the two items say. `warning` paints the scope as something to look at before running. */
export interface ScopeStatus {
  readonly scope: string;
  readonly detail: string;
  readonly warning: boolean;
  /** Absent where none is sent. */
  readonly timeRange?: string;
  readonly answer: AnswerMode;
}

/** What stands in their place for a query that asks a result: no workspace is asked, and no time range sent. */
export interface ResultStatus {
  readonly result: string;
  /** The run whose results a click shows, where it is there. */
  readonly run: RunId | undefined;
  readonly detail: string;
  readonly warning: boolean;
}

/** Scope, time range and answer mode of the active query in the status bar; hidden while there is no query. */
export class ScopeStatusBar implements Disposable {
  private readonly scope = item('tenantscope.scope', 101, 'tenantscope.scope.pick', 'Tenantscope scope');
  private readonly timeRange = item(
    'tenantscope.timeRange',
    100,
    'tenantscope.timeRange.pick',
    'Tenantscope time range',
  );
  private readonly answer = item('tenantscope.answer', 99, 'tenantscope.answer.pick', 'Tenantscope answer');

  show(status: ScopeStatus | ResultStatus | undefined): void {
    if (!status) {
      this.scope.hide();
      this.timeRange.hide();
      this.answer.hide();
      return;
    }
    const [icon, words, label] =
      'result' in status
        ? (['table', `Result of ${status.result}`, `Result of ${status.result}`] as const)
        : (['target', status.scope, `Scope: ${status.scope}`] as const);
    this.scope.text = `$(${icon}) ${plainLabel(words)}`;
    this.scope.command = commandOf(status);
    this.scope.tooltip = new MarkdownString(status.detail.split('\n').map(escapeMarkdown).join('\n\n'));
    this.scope.accessibilityInformation = {
      label: visibleLines(`${label}. ${status.detail}`),
    };
    this.scope.backgroundColor = status.warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.scope.show();
    if ('result' in status) {
      this.timeRange.hide();
      this.answer.hide();
      return;
    }
    if (status.timeRange === undefined) this.timeRange.hide();
    else {
      this.timeRange.text = `$(watch) ${status.timeRange}`;
      this.timeRange.tooltip = 'Time range sent with the query';
      this.timeRange.show();
    }
    this.answer.text = `$(combine) ${ANSWER_LABELS[status.answer]}`;
    this.answer.tooltip = ANSWER_DETAILS[status.answer];
    this.answer.show();
  }

  dispose(): void {
    this.scope.dispose();
    this.timeRange.dispose();
    this.answer.dispose();
  }
}

function commandOf(status: ScopeStatus | ResultStatus): StatusBarItem['command'] {
  const [pick, show, open] = [
    'tenantscope.scope.pick',
    'tenantscope.results.show',
    'tenantscope.runs.open',
  ] satisfies CommandId[];
  if (!('result' in status)) return pick;
  const { run } = status;
  return run === undefined ? show : { command: open!, title: 'Show Results', arguments: [{ id: run }] };
}

function item(id: string, priority: number, command: CommandId, name: string): StatusBarItem {
  const created = window.createStatusBarItem(id, StatusBarAlignment.Left, priority);
  created.command = command;
  created.name = name;
  return created;
}
