import type { AssessmentHost, AssessmentPageView } from '../../protocol/assessmentPage.ts';
import type { ReportActions } from '../../report/actions.ts';
import { CustomerView } from '../../report/customerView.tsx';
import { EstateView } from '../../report/estateView.tsx';
import { askWith } from '../shell/ask.ts';
import { Button, Note, Progress, Welcome } from '../shell/parts.tsx';
import type { PageProps } from '../shell/start.tsx';
import { useEffect, useMemo, useRef, useState } from '../shell/view.ts';
import { toPageState } from './pageState.ts';
import type { LoadedCustomer, PageState } from './pageState.ts';

/** More than a window shows: the other rows of a large estate follow once these are seen. */
const FIRST_ROWS = 60;

/** The assessment's page: the estate, or one customer of it, and what can be done from there. */
export function AssessmentPage({ host, say }: PageProps<AssessmentHost>) {
  const [view, setView] = useState<AssessmentPageView>();
  const [state, setState] = useState<PageState>(() => toPageState(host.readState()));
  const [loaded, setLoaded] = useState<LoadedCustomer>();
  const [complaint, complain] = useState<string>();
  const [most, setMost] = useState<number | undefined>(FIRST_ROWS);
  const scrolled = useRef<HTMLDivElement>(null);
  const ask = askWith(complain);
  const { channel } = host;
  const assessment = view?.assessment;
  const id = assessment?.id;

  useEffect(() => {
    channel.on('view', setView);
    channel.on('show', ({ customer }) => {
      setState(({ filter }) => ({ filter, ...(customer === undefined ? {} : { customer }) }));
    });
    void ask(channel.request('ready', { version: 1 })).then((first) => {
      if (!first) return;
      setView(first.view);
      const { customer } = first;
      if (customer !== undefined) setState(({ filter }) => ({ filter, customer }));
    });
  }, []);
  useEffect(() => {
    host.writeState({ customer: state.customer, text: state.filter.text });
  }, [state.customer, state.filter.text]);
  useEffect(() => {
    if (state.customer === undefined || id === undefined) return;
    void ask(channel.request('customer', { assessment: id, customer: state.customer })).then((customer) => {
      if (customer) setLoaded({ assessment: id, customer });
      else setState(({ filter }) => ({ filter }));
    });
  }, [state.customer, id]);
  useEffect(() => {
    if (id === undefined) return undefined;
    const later = setTimeout(() => {
      setMost(undefined);
    });
    return () => {
      clearTimeout(later);
    };
  }, [id]);
  useEffect(() => {
    scrolled.current?.scrollTo(0, 0);
  }, [state.customer]);

  const place =
    id === undefined || state.customer === undefined ? undefined : { assessment: id, customer: state.customer };
  const actions = useMemo(
    (): ReportActions => ({
      openCustomer: (customer) => {
        setState(({ filter }) => ({ filter, customer }));
      },
      openEstate: () => {
        setState(({ filter }) => ({ filter }));
      },
      openSource: (source) => {
        if (place) void ask(channel.request('openSource', { ...place, source }));
      },
      act: (action) => {
        if (place) void ask(channel.request('act', { ...place, action }));
      },
      copyMessage: (text) => {
        void ask(channel.request('copy', { text })).then(() => {
          say('Message copied.');
        });
      },
      filter: (filter) => {
        setState((before) => ({ ...before, filter }));
      },
    }),
    [id, state.customer],
  );

  const progress = view?.progress;
  const shown =
    state.customer !== undefined && loaded?.assessment === id && loaded?.customer.key === state.customer
      ? loaded?.customer
      : undefined;
  const send = (name: 'assess' | 'cancel' | 'compare') => (): void => {
    void ask(channel.request(name, null));
  };
  const buttons = (customer?: string) => (
    <div class="actions">
      {!progress && <Button text label="Assess again" icon="refresh" onClick={send('assess')} />}
      {customer === undefined && <Button text label="Compare with…" icon="diff" onClick={send('compare')} />}
      <Button
        text
        label={customer === undefined ? 'Export…' : 'Export for the customer…'}
        icon="export"
        onClick={() => {
          if (id !== undefined)
            void ask(channel.request('export', { assessment: id, ...(customer === undefined ? {} : { customer }) }));
        }}
      />
    </div>
  );
  return (
    <>
      {(progress !== undefined || view?.error !== undefined || complaint !== undefined) && (
        <header class="head">
          {progress && (
            <>
              <Progress label="Questions answered" done={progress.done} all={progress.total} />
              <div class="bar-row">
                <span class="spring">
                  Assessing: {progress.done} of {progress.total} questions answered{' '}
                  <span class="muted">{progress.what}</span>
                </span>
                <Button text label="Cancel, and keep what was measured" icon="debug-stop" onClick={send('cancel')} />
              </div>
            </>
          )}
          {view?.error !== undefined && (
            <Note icon="error" alert>
              {view.error}
            </Note>
          )}
          {complaint !== undefined && (
            <Note icon="error" alert>
              {complaint}{' '}
              <Button
                label="Close this message"
                icon="close"
                onClick={() => {
                  complain(undefined);
                }}
              />
            </Note>
          )}
        </header>
      )}
      <main>
        <div class="page" ref={scrolled} tabIndex={0} role="region" aria-label="Architecture fit">
          {assessment === undefined ? (
            view &&
            !progress && (
              <Welcome
                what="No architecture was assessed yet."
                next="Run “Tenantscope: Assess Architecture Fit”: it measures where every customer’s logs live, and changes nothing."
              />
            )
          ) : state.customer !== undefined && !shown ? null : shown ? (
            <CustomerView assessment={assessment} customer={shown} actions={actions} head={buttons(shown.key)} />
          ) : (
            <EstateView
              assessment={assessment}
              difference={view?.difference}
              filter={state.filter}
              most={most}
              actions={actions}
              head={buttons()}
              search={
                <input
                  type="search"
                  placeholder="Filter customers"
                  aria-label="Filter customers"
                  value={state.filter.text ?? ''}
                  onInput={(event) => {
                    actions.filter({ ...state.filter, text: event.currentTarget.value });
                  }}
                />
              }
            />
          )}
        </div>
      </main>
    </>
  );
}
