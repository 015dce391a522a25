import { counted } from '../../base/counted.ts';
import type { RunView, TargetView } from '../../protocol/results.ts';
import { Button, Icon } from '../shell/parts.tsx';
import { Fault } from './fault.tsx';

/** Targets named in a group of those with the same trouble. */
const NAMED = 3;

/** What the state of a run without an answer lets people do. */
export interface NoAnswerProps {
  readonly run: RunView;
  readonly retry: () => void;
  readonly signIn: (workspace: string) => void;
  readonly showTargets: () => void;
  readonly reveal: () => void;
}

/** In the place of rows where nobody answered: why, grouped, and what can be done about it. */
export function NoAnswer({ run, retry, signIn, showTargets, reveal }: NoAnswerProps) {
  const again = run.targets.filter((target) => target.mayAnswerAgain).length;
  const shut = run.targets.find((target) => target.canSignIn);
  return (
    <section class="no-answer" aria-label="No answer">
      <h2>
        <Icon name="error" />
        {run.error === undefined ? 'Nobody answered' : 'No answer'}
      </h2>
      <p>{run.error ?? 'This is not an answer of 0 rows: of none of them is anything known.'}</p>
      {run.fault && <Fault fault={run.fault} reveal={reveal} />}
      {run.error === undefined && (
        <ul>
          {groupsOf(run).map(({ reason, targets }) => (
            <li key={reason}>
              <strong>{`${targets.length} × ${reason}`}</strong>
              <span>{` (${namesOf(targets)})`}</span>
              <div class="muted">{told(targets)}</div>
            </li>
          ))}
        </ul>
      )}
      <div class="steps">
        {again > 0 && <Button text label={`Ask ${again} again`} icon="refresh" onClick={retry} />}
        {shut && (
          <Button
            text
            label={`Sign in to ${shut.customerName}`}
            icon="sign-in"
            onClick={() => {
              signIn(shut.workspace);
            }}
          />
        )}
        {run.targets.length > 0 && (
          <Button text label={`Show ${counted(run.targets.length, 'target')}`} icon="list-flat" onClick={showTargets} />
        )}
      </div>
    </section>
  );
}

interface Group {
  readonly reason: string;
  readonly targets: readonly TargetView[];
}

/** Those with the same trouble together, most first. */
function groupsOf({ completeness, targets }: RunView): readonly Group[] {
  return completeness.missing.map(({ reason, workspaces, subscriptions = [], tenants = [] }) => {
    const keys = new Set<string>([...workspaces, ...subscriptions, ...tenants.map((tenant) => `tenant:${tenant}`)]);
    return { reason, targets: targets.filter(({ workspace }) => keys.has(workspace)) };
  });
}

function namesOf(targets: readonly TargetView[]): string {
  const names = [...new Set(targets.map(({ customerName }) => customerName))];
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** The reason of the first; that it is one of several is said where they differ. */
function told(targets: readonly TargetView[]): string {
  const reasons = [...new Set(targets.flatMap(({ reason }) => reason ?? []))];
  return reasons.length > 1 ? `For example: ${reasons[0]!}` : (reasons[0] ?? '');
}
