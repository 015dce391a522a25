import { counted } from '../../base/counted.ts';
import { targetNoun } from '../../model/run.ts';
import type { RunPart, RunStages } from '../../model/run.ts';
import type { RunView } from '../../protocol/results.ts';
import { TabPanel } from '../shell/tabs.tsx';

/** What the answer is, what the workspaces were sent, what travelled, and what was made of it here. */
export function PlanTab({ run, chosen }: { readonly run: RunView; readonly chosen: string }) {
  return (
    <TabPanel id="plan" chosen={chosen} class="plan" tabIndex={0}>
      {chosen === 'plan' && <Plan run={run} />}
    </TabPanel>
  );
}

function Plan({ run }: { readonly run: RunView }) {
  const { plan } = run;
  if (!plan) return <p class="muted">How this answer was made is not known.</p>;
  return (
    <>
      <p>{promiseOf(run, plan)}</p>
      {run.unfinished && (
        <p>{`${run.state === 'running' ? 'Not finished' : 'Incomplete'}: ${run.completeness.sentence}.`}</p>
      )}
      {plan.parts.map((part) => (
        <Part key={part.name} part={part} noun={targetNoun(run.source)} />
      ))}
      {plan.local !== undefined && (
        <section>
          <h3>Made of it here</h3>
          <p class="muted">{plan.tookMs === undefined ? 'Not yet.' : `It took ${seconds(plan.tookMs)}.`}</p>
          <pre class="kql" tabIndex={0} aria-label="Query over what came">
            {plan.local}
          </pre>
        </section>
      )}
    </>
  );
}

function Part({ part, noun }: { readonly part: RunPart; readonly noun: string }) {
  const { name, text, groups, targets, shared, rows, bytes } = part;
  const own = groups > 1 ? `, in ${groups} texts that differ by their tables; one of them` : '';
  return (
    <section>
      <h3>{`Sent: ${name}`}</h3>
      <p class="muted">{`To ${counted(targets, noun)}${own}. ${counted(rows, 'row')} came, ${size(bytes)}.`}</p>
      {shared && (
        <p class="muted">{`${shared.targets} of them answered ${counted(shared.requests, 'request')} together.`}</p>
      )}
      <pre class="kql" tabIndex={0} aria-label={`Query sent, ${name}`}>
        {text}
      </pre>
    </section>
  );
}

function promiseOf({ of, made, source, answer, perWorkspaceNote }: RunView, { promise, local }: RunStages): string {
  if (made?.kind === 'comparison') return 'Made here of the rows of two earlier results. Nobody was sent anything.';
  if (made) return 'Made here of what the workspaces tell of their tables.';
  const noun = targetNoun(source);
  if (of !== undefined) return 'Made here of the rows of an earlier result. Nobody was sent anything.';
  if (answer === 'perWorkspace') return perWorkspaceNote?.sentence ?? `Each ${noun}'s own answer, one under the other.`;
  if (promise?.kind === 'approximate') return `Across all ${noun}s, approximate: ${promise.error}`;
  return local === undefined
    ? `Across all ${noun}s, exact: the rows of each, one ${noun}'s under the other's.`
    : `Across all ${noun}s, exact: as one ${noun} holding everybody's rows would answer.`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
