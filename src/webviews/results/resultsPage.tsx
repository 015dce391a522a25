import { counted } from '../../base/counted.ts';
import { isUnanswered } from '../../model/run.ts';
import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { askWith } from '../shell/ask.ts';
import type { PageProps } from '../shell/start.tsx';
import { Welcome } from '../shell/parts.tsx';
import { TabPanel } from '../shell/tabs.tsx';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from '../shell/view.ts';
import type { Arrangement } from './arrangement.ts';
import { ChartTab } from './chartTab.tsx';
import { Header } from './header.tsx';
import { NoAnswer } from './noAnswer.tsx';
import { EMPTY_PAGE, changePage } from './pageState.ts';
import { PlanTab } from './planTab.tsx';
import { Refused } from './refused.tsx';
import { RowsTab } from './rowsTab.tsx';
import { TargetsTab } from './targetsTab.tsx';

/** The Results page: it shows the snapshots the host sends and asks for windows of rows. */
export function ResultsPage({ host, say }: PageProps<ResultsHost>) {
  const { channel } = host;
  const [{ run, arrangement, layout, complaint, kept, keptLayout }, change] = useReducer(changePage, EMPTY_PAGE);
  const arrange = (changed: Partial<Arrangement>): void => {
    change({ kind: 'arrange', change: changed });
  };
  const ask = askWith((message) => {
    change({ kind: 'complain', message });
  });
  useLayoutEffect(() => {
    const show = (next: RunView | null): void => {
      change({ kind: 'run', run: next, stored: host.readState()['arrangement'] });
    };
    const hearing = [
      channel.on('run', show),
      channel.on('tab', (tab) => {
        arrange({ tab });
      }),
    ];
    void ask(
      channel.request('ready', { version: 1 }).then((first) => {
        if (first) show(first);
      }),
    );
    return () => {
      for (const one of hearing) one.dispose();
    };
  }, []);
  useLayoutEffect(() => {
    if (kept) host.writeState({ arrangement: kept });
  }, [kept]);
  useLayoutEffect(() => {
    if (keptLayout) void ask(channel.request('keepLayout', keptLayout));
  }, [keptLayout]);
  const [passing, setPassing] = useState<number | undefined>(undefined);
  useAnnouncedAnswer(run, say);
  if (!run)
    return (
      <main>
        <Welcome
          what="Run a query to see its answer here."
          next="Open a .kql file, choose the scope in the status bar and press F5."
        />
      </main>
    );
  const ofRun = { run: run.run };
  const reveal = (): void => void ask(channel.request('reveal', ofRun));
  if (run.refused)
    return (
      <Refused
        run={run}
        complaint={complaint}
        reveal={reveal}
        showBefore={() => void ask(channel.request('showBefore', ofRun))}
      />
    );
  const retry = (): void => void ask(channel.request('retry', ofRun));
  const signIn = async (workspace: string): Promise<void> => {
    await ask(channel.request('signIn', { ...ofRun, workspace }, { deadlineMs: Infinity }));
  };
  const exportRows = async (): Promise<void> => {
    const { sorts, filters, search } = arrangement;
    const question = { run: run.run, sort: [...sorts], filters: [...filters], ...(search ? { search } : {}) };
    const done = await ask(channel.request('export', question, { deadlineMs: Infinity }));
    if (done) say(`Exported ${counted(done.rows, 'row')}.`);
  };
  return (
    <>
      <Header
        run={run}
        arrangement={arrangement}
        passing={passing}
        complaint={complaint}
        arrange={arrange}
        retry={retry}
        cancel={() => void ask(channel.request('cancel', ofRun))}
        askAgain={() => void ask(channel.request('askAgain', ofRun))}
        exportRows={() => void exportRows()}
      />
      <main>
        {isUnanswered(run) ? (
          <>
            <TabPanel id="rows" chosen={arrangement.tab} class="rows" tabIndex={0}>
              <NoAnswer
                run={run}
                retry={retry}
                signIn={(workspace) => void signIn(workspace)}
                showTargets={() => {
                  arrange({ tab: 'targets' });
                }}
                reveal={reveal}
              />
            </TabPanel>
            <TabPanel id="chart" chosen={arrangement.tab} class="chart" tabIndex={0}>
              <p class="empty">There is no answer to draw. The Results tab says why.</p>
            </TabPanel>
          </>
        ) : (
          <>
            <RowsTab
              host={host}
              run={run}
              arrangement={arrangement}
              layout={layout}
              arrange={arrange}
              changeLayout={(changed) => {
                change({ kind: 'layout', layout: changed });
              }}
              onPassing={setPassing}
              ask={ask}
              say={say}
            />
            <ChartTab host={host} run={run} chosen={arrangement.tab} />
          </>
        )}
        <TargetsTab run={run} chosen={arrangement.tab} signIn={signIn} />
        <PlanTab run={run} chosen={arrangement.tab} />
      </main>
    </>
  );
}

function endOf(run: RunView): string {
  if (run.refused) return `Nothing was sent. ${run.error ?? ''}`;
  const told = `${run.completeness.sentence}.`;
  return isUnanswered(run) ? `No answer. ${run.error ?? told}` : `${told} ${counted(run.rowCount, 'row')}.`;
}

/** Says how an answer ended, once. */
function useAnnouncedAnswer(run: RunView | null, say: (text: string) => void): void {
  const announced = useRef('');
  useEffect(() => {
    if (!run) return;
    const words = run.state === 'running' ? '' : endOf(run);
    // The same query refused again is news again.
    const heard = run.refused ? `${run.startedAt} ${words}` : words;
    if (words && heard !== announced.current) say(words);
    announced.current = heard;
  }, [run]);
}
