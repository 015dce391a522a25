import type { CancelSignal } from '../../../base/cancel.ts';
import type { Fact, FactName, WorkspaceFactValues } from '../../../model/assessment/facts.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { WorkspaceKey } from '../../../model/ids.ts';
import type { AssessWorld } from '../assessWorld.ts';
import type { AssessPhase, AssessProgress, AssessScope } from '../estateFacts.ts';
import { Ledger } from './ledger.ts';

/** What every step of one measurement shares: whom it asks, what has come, how far it is. */
export class Measuring {
  readonly world: AssessWorld;
  readonly scope: AssessScope;
  readonly signal: CancelSignal;
  readonly ledger: Ledger;
  private readonly tell: (progress: AssessProgress) => void;
  private readonly facts = new Map<WorkspaceKey, Partial<Record<string, Fact<unknown>>>>();
  private done = 0;
  private total = 0;

  constructor(
    world: AssessWorld,
    scope: AssessScope,
    signal: CancelSignal,
    tell: (progress: AssessProgress) => void = () => undefined,
  ) {
    this.world = world;
    this.scope = scope;
    this.signal = signal;
    this.tell = tell;
    this.ledger = new Ledger(world.clock);
  }

  /** So many more questions will be asked. */
  expect(count: number): void {
    this.total += count;
  }

  /** One question is settled, one way or another. */
  settled(
    phase: AssessPhase,
    fact: FactName | undefined,
    of: { readonly name: string; readonly customer?: Workspace['customer'] },
  ): void {
    this.done++;
    this.report(phase, fact === undefined ? of.name : `${fact} of ${of.name}`, fact, of.customer);
  }

  /** Says how far it is. */
  report(phase: AssessPhase, what: string, fact?: FactName, customer?: Workspace['customer']): void {
    this.tell({
      phase,
      done: this.done,
      total: Math.max(this.done, this.total),
      what,
      ...(fact === undefined ? {} : { fact }),
      ...(customer === undefined ? {} : { customer }),
    });
  }

  put<Name extends keyof WorkspaceFactValues>(
    workspace: WorkspaceKey,
    name: Name,
    fact: Fact<WorkspaceFactValues[Name]>,
  ): void {
    this.facts.set(workspace, { ...this.facts.get(workspace), [name]: fact });
  }

  find<Name extends keyof WorkspaceFactValues>(
    workspace: WorkspaceKey,
    name: Name,
  ): Fact<WorkspaceFactValues[Name]> | undefined {
    return this.facts.get(workspace)?.[name] as Fact<WorkspaceFactValues[Name]> | undefined;
  }
}
