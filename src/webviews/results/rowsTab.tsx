import { targetNoun } from '../../model/run.ts';
import type { RunView } from '../../protocol/results.ts';
import { GridView } from '../grid/gridView.ts';
import { useLatest } from '../shell/latest.ts';
import { TabPanel } from '../shell/tabs.tsx';
import { useEffect, useLayoutEffect, useMemo, useState } from '../shell/view.ts';
import { CellDetail } from './cellDetail.tsx';
import { Chips } from './chips.tsx';
import { arrangeColumns, hasOneTenantEach } from './columns.ts';
import { FindBar } from './findBar.tsx';
import type { FindState } from './findControl.ts';
import { GroupsPanel } from './groupsPanel.tsx';
import type { ColumnPanelProps } from './groupsPanel.tsx';
import { RowsControl } from './rowsControl.ts';
import type { RowsTabProps, SidePanelContent } from './rowsControl.ts';
import { StatisticsPanel } from './statisticsPanel.tsx';

/** The grid with what is around it: filters, the find box, the column menus, the panel beside it and copying. */
export function RowsTab(props: RowsTabProps) {
  const { host, run, arrangement, layout, arrange, ask, say } = props;
  const oneTenantEach = useMemo(() => hasOneTenantEach(run.targets), [run.targets]);
  const arranged = useMemo(
    () => arrangeColumns(run.columns, layout, oneTenantEach),
    [run.columns, layout, oneTenantEach],
  );
  const latest = useLatest({ ...props, arranged });
  const [panel, open] = useState<SidePanelContent | undefined>(undefined);
  const [total, setTotal] = useState(0);
  const [find, setFind] = useState<FindState | undefined>(undefined);
  const [control] = useState(() => new RowsControl(latest, { open, total: setTotal, find: setFind }));
  useLayoutEffect(() => {
    control.show();
  }, [run, arrangement, arranged]);
  const opened = useFindKeys(control, arrangement.tab === 'rows', find !== undefined);
  const nothing = run.rowCount === 0 || total === 0;
  const back = (): void => {
    control.grid.current?.focus();
  };
  const close = (): void => {
    open(undefined);
    back();
  };
  const aboutColumn = (column: ColumnPanelProps['column']): ColumnPanelProps => ({
    ...{ host, run, arrangement, column, ask, say, close },
    filter: (filters) => {
      arrange({ filters });
    },
  });
  return (
    <TabPanel id="rows" chosen={arrangement.tab} class="rows">
      <Chips
        filters={arrangement.filters}
        arranged={arranged}
        filter={(filters) => {
          arrange({ filters });
        }}
        show={(names) => {
          control.showColumns(names);
        }}
      />
      {find && (
        <FindBar
          state={find}
          opened={opened}
          type={(text) => {
            control.find.type(text);
          }}
          step={(direction) => {
            control.find.step(direction);
          }}
          close={() => {
            control.find.close();
            back();
          }}
        />
      )}
      <div class="grid-area">
        <div class="grid-frame">
          <GridView grid={control.grid} events={control.events} hidden={nothing && run.columns.length === 0} />
          {nothing && <p class="empty">{whyEmpty(run)}</p>}
        </div>
        {panel?.kind === 'cell' && (
          <CellDetail
            cell={panel.cell}
            copy={(text) => void control.copyText(text, 'Copied the value.')}
            open={(column, text) => void ask(host.channel.request('openCell', { run: run.run, column, text }))}
            close={close}
          />
        )}
        {panel?.kind === 'groups' && <GroupsPanel {...aboutColumn(panel.column)} />}
        {panel?.kind === 'statistics' && <StatisticsPanel {...aboutColumn(panel.column)} />}
      </div>
    </TabPanel>
  );
}

/** The keys of every editor: Control (or Command) and F finds, F3 goes on. Returns how often the box was asked for. */
function useFindKeys(control: RowsControl, here: boolean, open: boolean): number {
  const [opened, setOpened] = useState(0);
  useEffect(() => {
    if (!here) return;
    const key = (event: KeyboardEvent): void => {
      const held = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (held && event.key.toLowerCase() === 'f') {
        control.find.open();
        setOpened((times) => times + 1);
      } else if (event.key === 'F3' && open) control.find.step(event.shiftKey ? 'previous' : 'next');
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('keydown', key, true);
    return () => {
      document.removeEventListener('keydown', key, true);
    };
  }, [control, here, open]);
  return opened;
}

function whyEmpty(run: RunView): string {
  if (run.error !== undefined) return run.error;
  if (run.rowCount > 0) return 'No row passes the filters.';
  return run.state === 'running'
    ? 'Waiting for the first rows …'
    : `No rows. The Targets tab says what each ${targetNoun(run.source)} answered.`;
}
