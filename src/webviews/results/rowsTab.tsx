import type { RunView } from '../../protocol/results.ts';
import { GridView } from '../grid/gridView.ts';
import { useLatest } from '../shell/latest.ts';
import { Button } from '../shell/parts.tsx';
import { TabPanel } from '../shell/tabs.tsx';
import { useLayoutEffect, useState } from '../shell/view.ts';
import { filterLabel } from './arrangement.ts';
import { CellDetail } from './cellDetail.tsx';
import type { OpenedCell } from './cellDetail.tsx';
import { RowsControl } from './rowsControl.ts';
import type { RowsTabProps } from './rowsControl.ts';

/** The grid with what is around it: filters, the column menus, the cell panel and copying. */
export function RowsTab(props: RowsTabProps) {
  const { host, run, arrangement, ask } = props;
  const latest = useLatest(props);
  const [cell, open] = useState<OpenedCell | undefined>(undefined);
  const [total, setTotal] = useState(0);
  const [control] = useState(() => new RowsControl(latest, { open, total: setTotal }));
  useLayoutEffect(() => {
    control.show(run, arrangement);
  }, [run, arrangement]);
  const nothing = run.rowCount === 0 || total === 0;
  return (
    <TabPanel id="rows" chosen={arrangement.tab} class="rows">
      <Chips {...props} />
      <div class="grid-area">
        <div class="grid-frame">
          <GridView grid={control.grid} events={control.events} hidden={nothing && run.columns.length === 0} />
          {nothing && <p class="empty">{whyEmpty(run)}</p>}
        </div>
        <CellDetail
          cell={cell}
          copy={(text) => void control.copyText(text, 'Copied the value.')}
          open={(column, text) => void ask(host.channel.request('openCell', { run: run.run, column, text }))}
          close={() => {
            open(undefined);
            control.grid.current?.focus();
          }}
        />
      </div>
    </TabPanel>
  );
}

/** The filters and hidden columns, each to be taken back. */
function Chips({ arrangement: { filters, hidden }, arrange }: RowsTabProps) {
  if (filters.length + hidden.length === 0) return null;
  return (
    <div class="chips">
      {filters.map((filter) => (
        <Button
          text
          label={filterLabel(filter)}
          icon="close"
          onClick={() => {
            arrange({ filters: filters.filter((other) => other !== filter) });
          }}
        />
      ))}
      {hidden.length > 0 && (
        <Button
          text
          label={`Show ${hidden.length} hidden columns`}
          icon="eye"
          onClick={() => {
            arrange({ hidden: [] });
          }}
        />
      )}
    </div>
  );
}

function whyEmpty(run: RunView): string {
  if (run.error !== undefined) return run.error;
  if (run.rowCount > 0) return 'No row passes the filters.';
  return run.state === 'running'
    ? 'Waiting for the first rows …'
    : 'No rows. The Targets tab says what each workspace answered.';
}
