import type { RunView } from '../../protocol/results.ts';
import { Button, Icon } from '../shell/parts.tsx';
import { Fault } from './fault.tsx';

/** A query that was refused before anything was sent, in the place of the answer that was there. */
export function Refused(props: {
  readonly run: RunView;
  readonly complaint: string | undefined;
  readonly reveal: () => void;
  readonly showBefore: () => void;
}) {
  const { run, complaint, reveal, showBefore } = props;
  const before = run.refused?.before;
  return (
    <main>
      <section class="no-answer" aria-label="Refused query">
        <h2>
          <Icon name="error" />
          The query was refused
        </h2>
        <p class="muted">{run.title}</p>
        <p role="alert">{run.error}</p>
        {run.fault && <Fault fault={run.fault} reveal={reveal} />}
        {complaint !== undefined && <p role="alert">{complaint}</p>}
        {before !== undefined && (
          <div class="steps">
            <Button text label={`Show the answer before: ${before}`} icon="history" onClick={showBefore} />
          </div>
        )}
      </section>
    </main>
  );
}
