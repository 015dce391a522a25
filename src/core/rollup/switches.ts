import { AppError } from '../../base/errors.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { RollupStatePort } from '../../ports/rollups.ts';
import { ALL_ON, DOCUMENTS } from './progress.ts';
import type { RollupSwitches } from './progress.ts';

/** What is switched off now. */
export async function loadSwitches(state: RollupStatePort): Promise<RollupSwitches> {
  return (await state.load<RollupSwitches>(DOCUMENTS.switches)).value ?? ALL_ON;
}

/** Changes what is switched off, whoever else does so at the same time. */
export async function changeSwitches(
  state: RollupStatePort,
  change: (switches: RollupSwitches) => RollupSwitches,
): Promise<RollupSwitches> {
  for (;;) {
    const { value = ALL_ON, version } = await state.load<RollupSwitches>(DOCUMENTS.switches);
    const next = change(value);
    if (await state.save(DOCUMENTS.switches, next, version)) return next;
  }
}

/** Rejects with `input.switchedOff` where the roll-up is paused or the customer switched off: read each time anew. */
export async function mayRun(state: RollupStatePort, rollup: string, customer: CustomerKey): Promise<void> {
  const { paused, off } = await loadSwitches(state);
  if (off.includes(customer))
    throw new AppError('input.switchedOff', 'The customer is switched off: nothing of it is read or stored.');
  if (paused.includes(rollup))
    throw new AppError('input.switchedOff', `${rollup} is paused. "rollup resume" has it go on where it was.`);
}
