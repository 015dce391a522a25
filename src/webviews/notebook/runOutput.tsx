import { counted } from '../../base/counted.ts';
import type { NotebookRunView } from '../../protocol/notebook.ts';
import { askWith } from '../shell/ask.ts';
import { Completeness } from '../shell/completeness.tsx';
import { Button } from '../shell/parts.tsx';
import { useState } from '../shell/view.ts';
import { OutputChart } from './outputChart.tsx';
import type { OutputChannel } from './outputPart.ts';
import { OutputRows } from './outputRows.tsx';

/** One run below its cell: how complete it is first, then how to read it, then its chart or its rows. */
export function RunOutput({ channel, run }: { readonly channel: OutputChannel; readonly run: NotebookRunView }) {
  const kind = run.render?.visualization;
  const hasChart = kind !== undefined && kind !== 'table';
  const [chosen, choose] = useState<'chart' | 'rows' | undefined>(undefined);
  const [complaint, complain] = useState<string | undefined>(undefined);
  const ask = askWith(complain);
  const id = run.run;
  const hasRows = id !== undefined && run.columns.length > 0 && run.standing !== 'failed';
  const shown = chosen ?? (hasChart ? 'chart' : 'rows');
  const view = { channel, run, ask };
  return (
    <div class="answer" role="group" aria-label="Answer">
      <div class="bar-row">
        {run.asked !== '' || run.standing === 'failed' ? (
          // How long it took stands in the cell already, by VS Code.
          <Completeness standing={run.standing} sentence={run.sentence} details={run.missing} scope={run.asked} />
        ) : null}
        {hasRows && (
          <span class="muted" title={run.asked}>
            {counted(run.rowCount, 'row')}
          </span>
        )}
        <span class="actions">
          {hasRows && hasChart && (
            <Button
              text
              label="Chart"
              icon="graph"
              pressed={shown === 'chart'}
              onClick={() => {
                choose(shown === 'chart' ? 'rows' : 'chart');
              }}
            />
          )}
          {id !== undefined && (
            <Button
              text
              label="Open in Results"
              icon="table"
              onClick={() => void ask(channel.request('open', { run: id }))}
            />
          )}
        </span>
      </div>
      {run.fault && (
        <p class="fault">
          <span class="muted">{run.fault.where}</span>
          <code>{run.fault.code}</code>
        </p>
      )}
      {run.notes.map((note) => (
        <p class="muted">{note}</p>
      ))}
      {complaint !== undefined && <p role="alert">{complaint}</p>}
      {hasRows && (shown === 'chart' ? <OutputChart {...view} kind={kind!} /> : <OutputRows {...view} />)}
    </div>
  );
}
