import { counted } from '../../base/counted.ts';
import { window } from 'vscode';
import type { TextDocument } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { resolveRows, scopeLabel } from '../../core/estate/scope.ts';
import { resolveSubscriptions, subscriptionsLabel } from '../../core/estate/scopeSubscriptions.ts';
import { printScope } from '../../kql/scopeLine.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { onSettingsChanged, readConfidentiality } from '../platform/settings.ts';
import { confidentialWords } from './confidentialWords.ts';
import { pickAnswer } from './pickAnswer.ts';
import { pickInside } from './pickInside.ts';
import { pickScope } from '../session/pickScope.ts';
import { pickTimeRange } from './pickTimeRange.ts';
import { resultStatus } from './resultStatus.ts';
import type { ResultStatus, ScopeStatus } from './statusBar.ts';
import { ScopeStatusBar } from './statusBar.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';

/** Choosing a scope, a time range and what answers are: commands and the status bar. */
export function registerScope(
  app: App,
): CommandsOf<
  | 'tenantscope.scope.pick'
  | 'tenantscope.scope.everything'
  | 'tenantscope.scope.writeLine'
  | 'tenantscope.timeRange.pick'
  | 'tenantscope.answer.pick'
> {
  const bar = app.store.add(new ScopeStatusBar());
  const show = (): void => {
    bar.show(app.active.document ? statusOf(app) : undefined);
  };
  app.store.add(app.scope.onDidChange(show));
  app.store.add(app.estate.onDidChange(show));
  app.store.add(onSettingsChanged('query')(show));
  app.store.add(
    app.runs.onDidChange((run) => {
      if (run === undefined) show();
    }),
  );
  show();
  return {
    'tenantscope.scope.pick': async (place) => {
      const inside = await app.inside.find(place);
      if (inside) {
        await pickInside(app, inside);
        return;
      }
      const { document } = app.active;
      const offset = offsetIn(document, place) ?? app.scope.cursor();
      const before = app.scope.of(document, offset);
      const scope = await pickScope(await app.estate.ensure(), before.scope);
      if (scope) await app.scope.set(scope, document, offset);
    },
    'tenantscope.scope.everything': () => app.scope.set(EVERYTHING),
    'tenantscope.scope.writeLine': async () => {
      const { document } = app.active;
      if (!document) throw new AppError('input.noQuery', 'Open a query first: the scope line is written into it.');
      await app.scope.writeLine(app.scope.get().scope, document);
    },
    'tenantscope.timeRange.pick': async () => {
      const range = await pickTimeRange(app.scope.timeRange());
      if (!range) return;
      await app.scope.setTimeRange(range);
      window.setStatusBarMessage(`Time range: ${timeRangeLabel(range)}`, 3000);
    },
    'tenantscope.answer.pick': async () => {
      const { document } = app.active;
      const answer = await pickAnswer(app.scope.answer(document));
      if (answer) await app.scope.setAnswer(answer, document);
    },
  };
}

/** A CodeLens says of which query it is, by its document and an offset. */
function offsetIn(document: TextDocument | undefined, place: unknown): number | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const { uri, offset } = place as { readonly uri?: unknown; readonly offset?: unknown };
  return uri === document?.uri.toString() && typeof offset === 'number' ? offset : undefined;
}

function statusOf(app: App): ScopeStatus | ResultStatus {
  const result = app.active.document && resultStatus(app.active.document.getText(), app.runs);
  if (result) return result;
  const asksGraph = app.scope.asksGraph();
  // Resource Graph is sent no time range.
  const range = asksGraph ? {} : { timeRange: timeRangeLabel(app.scope.timeRange()) };
  const chosen = { ...range, answer: app.scope.answer() };
  const { scope, error, origin } = app.scope.get();
  if (error) return { scope: 'scope line has an error', detail: error.message, warning: true, ...chosen };
  const words = printScope(scope) || 'nothing';
  const { estate } = app.estate;
  if (!estate) return { scope: words, detail: 'The estate is not loaded yet.', warning: false, ...chosen };
  const subscriptions = asksGraph ? resolveSubscriptions(scope, estate) : undefined;
  const resolved = subscriptions ?? resolveRows(scope, estate);
  const label = subscriptions
    ? `Resource Graph: ${subscriptionsLabel(subscriptions)}`
    : scopeLabel(resolveRows(scope, estate), estate);
  if (resolved.problems.length)
    return {
      scope: label,
      detail: resolved.problems.map((problem) => problem.message).join(' '),
      warning: true,
      ...chosen,
    };
  const gaps = resolved.gaps.length
    ? ' ' +
      `${counted(resolved.gaps.length, 'tenant')} of it could not be entered: ${resolved.gaps
        .map((gap) => gap.tenantName)
        .slice(0, 5)
        .join(', ')}.`
    : '';
  const from =
    origin === 'ownLine'
      ? 'From the scope line of this query.'
      : origin === 'line'
        ? 'From the scope line of this document.'
        : origin === 'saved'
          ? 'Saved for this document.'
          : 'The scope of new documents.';
  const learns = confidentialWords(readConfidentiality());
  return {
    scope: label,
    detail: `${words}. ${from}${gaps}${asksGraph ? '' : learns}`,
    warning: false,
    ...chosen,
  };
}
