import { escapeMarkdown } from '../../base/markdown.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { visibleLines } from '../../base/visibleText.ts';
import { MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { StatusBarItem } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { AnswerMode } from '../../model/run.ts';
import { ANSWER_DETAILS, ANSWER_LABELS } from './pickAnswer.ts';
import type { CommandId } from '../platform/commandIds.ts';

/** What the two items say. `warning` paints the scope as something to look at before running. */
export interface ScopeStatus {
  readonly scope: string;
  readonly detail: string;
  readonly warning: boolean;
  readonly timeRange: string;
  readonly answer: AnswerMode;
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

  show(status: ScopeStatus | undefined): void {
    if (!status) {
      this.scope.hide();
      this.timeRange.hide();
      this.answer.hide();
      return;
    }
    this.scope.text = `$(target) ${plainLabel(status.scope)}`;
    this.scope.tooltip = new MarkdownString(status.detail.split('\n').map(escapeMarkdown).join('\n\n'));
    this.scope.accessibilityInformation = {
      label: visibleLines(`Scope: ${status.scope}. ${status.detail}`),
    };
    this.scope.backgroundColor = status.warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.timeRange.text = `$(watch) ${status.timeRange}`;
    this.timeRange.tooltip = 'Time range sent with the query';
    this.scope.show();
    this.timeRange.show();
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

function item(id: string, priority: number, command: CommandId, name: string): StatusBarItem {
  const created = window.createStatusBarItem(id, StatusBarAlignment.Left, priority);
  created.command = command;
  created.name = name;
  return created;
}
