import type { FaultView } from '../../protocol/results.ts';
import { Button } from '../shell/parts.tsx';

/** Where a query is at fault: the line, what stands there, and the way to it. */
export function Fault({ fault, reveal }: { readonly fault: FaultView; readonly reveal: () => void }) {
  return (
    <div class="fault">
      <div class="muted">{fault.where}</div>
      <pre>{fault.code}</pre>
      <Button text label={`Go to line ${fault.line}`} icon="go-to-file" onClick={reveal} />
    </div>
  );
}
