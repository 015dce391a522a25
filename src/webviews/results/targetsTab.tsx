import { targetNoun } from '../../model/run.ts';
import type { RunView, TargetView } from '../../protocol/results.ts';
import { Button, Icon } from '../shell/parts.tsx';
import { TabPanel } from '../shell/tabs.tsx';
import { useRef, useState } from '../shell/view.ts';
import type { ComponentChild } from '../shell/view.ts';

const STATES: Record<TargetView['state'], { readonly icon: string; readonly label: string; readonly rank: number }> = {
  failed: { icon: 'error', label: 'Failed', rank: 0 },
  partial: { icon: 'warning', label: 'Partial', rank: 1 },
  skipped: { icon: 'circle-slash', label: 'Skipped', rank: 2 },
  cancelled: { icon: 'circle-slash', label: 'Cancelled', rank: 3 },
  running: { icon: 'sync', label: 'Running', rank: 4 },
  waiting: { icon: 'watch', label: 'Waiting', rank: 5 },
  answered: { icon: 'pass', label: 'Answered', rank: 6 },
  empty: { icon: 'pass', label: 'Answered, no rows', rank: 7 },
};
type SortKey = 'state' | 'customerName' | 'workspaceName' | 'rows' | 'tookMs';
const HEADERS: readonly { readonly key: SortKey; readonly label: string }[] = [
  { key: 'state', label: 'State' },
  { key: 'customerName', label: 'Customer' },
  { key: 'workspaceName', label: 'Workspace' },
  { key: 'rows', label: 'Rows' },
  { key: 'tookMs', label: 'Time' },
];
/** Rows drawn at most; a scope can have thousands of workspaces, and the first ones are those that need somebody. */
const SHOWN = 1000;
/** Pixels of the longest bar. */
const BAR = 60;

interface Order {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** What the Targets tab shows; `signIn` takes a workspace's id, and lasts until the person has signed in or not. */
export interface TargetsTabProps {
  readonly run: RunView;
  readonly chosen: string;
  readonly signIn: (workspace: string) => Promise<void>;
}

/** One row a workspace: what it answered, how long it took, and why not. What failed comes first. */
export function TargetsTab({ run, chosen, signIn }: TargetsTabProps) {
  const [order, setOrder] = useState<Order>({ key: 'state', descending: false });
  const drawn = useRef<ComponentChild>(null);
  // Behind another tab the last drawn rows stay as they are: a running scope of thousands costs nothing there.
  if (chosen === 'targets') drawn.current = <TargetTable {...{ run, order, setOrder, signIn }} />;
  return (
    <TabPanel id="targets" chosen={chosen} class="targets" tabIndex={0}>
      {drawn.current}
    </TabPanel>
  );
}

interface TargetTableProps extends Pick<TargetsTabProps, 'run' | 'signIn'> {
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
}

function TargetTable({ run, order, setOrder, signIn }: TargetTableProps) {
  const targets = [...run.targets].sort((left, right) => (order.descending ? -1 : 1) * compare(left, right, order.key));
  const longest = Math.max(1, ...targets.map((target) => target.tookMs ?? 0));
  return (
    <>
      <table
        class="list"
        aria-label={run.source === 'resourceGraph' ? 'Tenants of this run' : 'Workspaces of this run'}
      >
        <thead>
          <tr>
            {HEADERS.map(({ key, label }) => (
              <th
                key={key}
                scope="col"
                aria-sort={order.key !== key ? 'none' : order.descending ? 'descending' : 'ascending'}
              >
                <button
                  type="button"
                  onClick={() => {
                    setOrder(nextOrder(order, key));
                  }}
                >
                  {key === 'workspaceName' && run.source === 'resourceGraph' ? 'Subscriptions' : label}
                </button>
              </th>
            ))}
            <th scope="col">Reason and next step</th>
          </tr>
        </thead>
        <tbody>
          {targets.slice(0, SHOWN).map((target) => (
            <TargetRow key={target.workspace} target={target} longest={longest} signIn={signIn} />
          ))}
        </tbody>
      </table>
      {targets.length > SHOWN && (
        <p class="muted">{`${targets.length - SHOWN} more ${targetNoun(run.source)}s; export the run to see all.`}</p>
      )}
    </>
  );
}

function TargetRow(props: { target: TargetView; longest: number; signIn: TargetsTabProps['signIn'] }) {
  const { target, longest, signIn } = props;
  const state = STATES[target.state];
  return (
    <tr class={`state-${target.state}`}>
      <td>
        <Icon name={state.icon} />
        <span>{state.label}</span>
      </td>
      <td>{target.customerName}</td>
      <td title={tenantOf(target)}>{target.workspaceName}</td>
      <td class="number">{target.rows.toLocaleString('en')}</td>
      <td
        class="number"
        title={target.waitedMs ? `after ${seconds(target.waitedMs)} of waiting for its turn` : undefined}
      >
        {target.tookMs === undefined ? '' : seconds(target.tookMs)}
        <span
          class="bar"
          aria-hidden="true"
          style={{ width: `${Math.round(((target.tookMs ?? 0) / longest) * BAR)}px` }}
        />
      </td>
      <td class="reason">
        {target.reason ?? (target.attempts > 1 ? `answered at attempt ${target.attempts}` : '')}
        {target.canSignIn && <SignIn signIn={() => signIn(target.workspace)} />}
      </td>
    </tr>
  );
}

/** The tenant by name, its id second, and how it was reached. */
function tenantOf({ tenantName, tenant, path }: TargetView): string {
  const name = tenantName.includes(tenant) ? tenantName : `${tenantName} (${tenant})`;
  return `${name}, ${path === undefined ? 'not entered' : `reached by ${path}`}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** The button, and while the person signs in, that this is what is waited for. */
function SignIn({ signIn }: { readonly signIn: () => Promise<void> }) {
  const [waiting, setWaiting] = useState(false);
  if (waiting) return <span class="muted">{' Waiting for you to sign in …'}</span>;
  return (
    <Button
      text
      label="Sign in"
      icon="sign-in"
      onClick={() => {
        setWaiting(true);
        void signIn().finally(() => {
          setWaiting(false);
        });
      }}
    />
  );
}

/** The same header again turns the order round; numbers begin with the largest. */
function nextOrder(order: Order, key: SortKey): Order {
  return { key, descending: order.key === key ? !order.descending : key === 'rows' || key === 'tookMs' };
}

function compare(left: TargetView, right: TargetView, key: SortKey): number {
  const byKey =
    key === 'state'
      ? STATES[left.state].rank - STATES[right.state].rank
      : key === 'rows' || key === 'tookMs'
        ? (left[key] ?? -1) - (right[key] ?? -1)
        : left[key].localeCompare(right[key]);
  return (
    byKey ||
    left.customerName.localeCompare(right.customerName) ||
    left.workspaceName.localeCompare(right.workspaceName)
  );
}
