import { isUnanswered, targetNoun } from '../../model/run.ts';
import { madeNote } from '../../model/madeNote.ts';
import { totalNote } from '../../model/totalNote.ts';
import type { RunView } from '../../protocol/results.ts';
import { Completeness } from '../shell/completeness.tsx';
import { useElapsed } from '../shell/elapsed.ts';
import { Button, Note, Progress } from '../shell/parts.tsx';
import { Tabs } from '../shell/tabs.tsx';
import type { Tab } from '../shell/tabs.tsx';
import { isFiltered } from './arrangement.ts';
import type { Arrangement } from './arrangement.ts';
import { SearchField } from './searchField.tsx';

/** What the header shows, and what it can have done. */
export interface HeaderProps {
  readonly run: RunView;
  readonly arrangement: Arrangement;
  /** Rows that pass the filters; undefined while they are counted. */
  readonly passing: number | undefined;
  /** Something that was asked for could not be done. */
  readonly complaint: string | undefined;
  readonly arrange: (change: Partial<Arrangement>) => void;
  readonly retry: () => void;
  readonly cancel: () => void;
  readonly askAgain: () => void;
  readonly exportRows: () => void;
}

/** The strip above every tab: tabs, what can be done, and how complete the answer is. */
export function Header(props: HeaderProps) {
  const { run, arrangement, passing, complaint, arrange } = props;
  const done = run.targets.filter((target) => target.state !== 'waiting' && target.state !== 'running').length;
  return (
    <header class="head">
      {run.state === 'running' && <Progress label="Workspaces answered" done={done} all={run.targets.length} />}
      <div class="bar-row">
        <Tabs
          label="Answer"
          tabs={tabsOf(run, isFiltered(arrangement) ? (passing?.toLocaleString('en') ?? '…') : undefined)}
          chosen={arrangement.tab}
          onChoose={(tab) => {
            arrange({ tab });
          }}
        />
        <RunCompleteness run={run} />
        <span class="spring" />
        <SearchField
          hidden={arrangement.tab !== 'rows' || isUnanswered(run)}
          text={arrangement.search}
          onSearch={(search) => {
            arrange({ search });
          }}
        />
        <Actions {...props} />
      </div>
      <HeaderNote run={run} complaint={complaint} />
    </header>
  );
}

/** `passing`: how many rows pass the filters, where there are any. */
function tabsOf(run: RunView, passing: string | undefined): readonly Tab<Arrangement['tab']>[] {
  const { rowCount, completeness } = run;
  const all = rowCount.toLocaleString('en');
  const count = passing === undefined ? all : `${passing} of ${all}`;
  return [
    // Nobody's answer has no number of rows.
    { id: 'rows', label: 'Results', ...(isUnanswered(run) ? {} : { count }) },
    { id: 'chart', label: 'Chart' },
    { id: 'targets', label: 'Targets', count: `${completeness.answered}/${completeness.asked}` },
    { id: 'plan', label: 'Plan' },
  ];
}

function RunCompleteness({ run }: { readonly run: RunView }) {
  const { completeness, error, state } = run;
  const missing = completeness.missing.map(({ reason, count }) => `${count} × ${reason}`).join('\n');
  const elapsedMs = useElapsed(run.run, run.elapsedMs, state === 'running');
  const settled = isUnanswered(run) ? 'failed' : completeness.complete ? 'complete' : 'incomplete';
  return (
    <Completeness
      standing={state === 'running' ? 'running' : settled}
      sentence={error ?? completeness.sentence}
      // The sentence is cut at two lines: whole it is here, and then who is missing.
      details={[error ?? completeness.sentence, ...(error === undefined && missing !== '' ? [missing] : [])].join('\n')}
      elapsedMs={elapsedMs}
      scope={run.scopeLabel}
    />
  );
}

function HeaderNote({ run, complaint }: Pick<HeaderProps, 'run' | 'complaint'>) {
  if (complaint !== undefined)
    return (
      <Note icon="error" alert>
        {complaint}
      </Note>
    );
  if (run.made) {
    const { head, text } = madeNote(run.made);
    return text === '' ? null : (
      <Note icon="info">
        <strong>{`${head}. `}</strong>
        <span>{text}</span>
      </Note>
    );
  }
  const promise = run.plan?.promise;
  if (promise?.kind === 'approximate')
    return (
      <Note icon="info">
        <strong>{'Approximate. '}</strong>
        <span>{promise.error}</span>
      </Note>
    );
  const total = totalNote(run);
  if (total !== undefined)
    return (
      <Note icon="info">
        <strong>{'Across. '}</strong>
        <span>{total}</span>
      </Note>
    );
  // How it would have been answered is no news where nobody answered.
  if (!run.perWorkspaceNote || isUnanswered(run)) return null;
  return (
    <Note icon="info">
      <strong>{`Per ${targetNoun(run.source)}. `}</strong>
      <span>{run.perWorkspaceNote.sentence}</span>
    </Note>
  );
}

function Actions({ run, retry, cancel, askAgain, exportRows }: HeaderProps) {
  const failed = run.targets.filter((target) => target.mayAnswerAgain).length;
  return (
    <div class="actions" role="toolbar" aria-label="Answer">
      {run.state === 'running' && (
        <Button key="cancel" text label="Cancel" icon="debug-stop" shortcut="Shift+F5" onClick={cancel} />
      )}
      {run.state !== 'running' && failed > 0 && (
        <Button key="retry" text label={`Retry ${failed} not answered`} icon="refresh" onClick={retry} />
      )}
      {run.state !== 'running' && !isUnanswered(run) && (
        <Button key="ask" text label="Ask this result" icon="search-fuzzy" onClick={askAgain} />
      )}
      {!isUnanswered(run) && <Button key="export" text label="Export…" icon="export" onClick={exportRows} />}
    </div>
  );
}
