/** @jsxRuntime automatic @jsxImportSource preact */
import type { FactSource } from '../model/assessment/facts.ts';
import type { Evidence, Finding, FindingAction } from '../model/assessment/findings.ts';
import type { ReportActions } from './actions.ts';
import { spanText, timeText } from './words.ts';

/** One finding: what, how bad; opened, its evidence, what it means, and what to do. */
export function FindingView(props: {
  readonly finding: Finding;
  readonly open?: boolean;
  readonly actions?: ReportActions | undefined;
}) {
  const { finding, open, actions } = props;
  const { severity, title, evidence, why, remedy, message } = finding;
  return (
    <details class="finding" open={open}>
      <summary>
        <span class="sev">
          <i class={`dot ${severity}`} aria-hidden="true" />
          {severity}
        </span>
        <span>{title}</span>
      </summary>
      <div class="body">
        {evidence.map((one, index) => (
          <EvidenceView key={index} evidence={one} actions={actions} />
        ))}
        <p>{why}</p>
        <p>
          <b>Do:</b> {remedy}
        </p>
        {message !== undefined && !actions && (
          <p>
            <b>To be asked of the customer:</b> {message}
          </p>
        )}
        {actions && (
          <p class="buttons">
            {finding.actions.map((action, index) => (
              <button
                key={index}
                type="button"
                class="btn"
                onClick={() => {
                  actions.act(action, finding);
                }}
              >
                {ACTION_WORD[action.kind]}
              </button>
            ))}
            {message !== undefined && (
              <button
                type="button"
                class="btn"
                onClick={() => {
                  actions.copyMessage(message);
                }}
              >
                Copy message for the customer
              </button>
            )}
          </p>
        )}
      </div>
    </details>
  );
}

const ACTION_WORD: Readonly<Record<FindingAction['kind'], string>> = {
  provisionWorkspace: 'Plan a workspace',
  setRetention: 'Plan the retention',
  setCap: 'Plan the daily cap',
  openQuery: 'Open query',
  openPortal: 'Open in the portal',
  openCustomers: 'Open the customers file',
  fixBaseline: 'Plan what puts it right',
};

/** What was found and how: the query or the call, its result, when, how long, and what it cost. */
export function EvidenceView(props: { readonly evidence: Evidence; readonly actions?: ReportActions | undefined }) {
  const { text, measured } = props.evidence;
  const { source, at, ms, calls } = measured;
  const { actions } = props;
  const cost = calls === 0 ? 'no call of its own' : `${calls} ${calls === 1 ? 'call' : 'calls'}, ${spanText(ms)}`;
  return (
    <div class="evidence">
      <div>→ {text}</div>
      <SourceView source={source} />
      <div class="dim">
        {sourceKind(source)} · {timeText(at)} · {cost} · no charge
        {actions && opens(source) && ' · '}
        {actions && opens(source) && (
          <button
            type="button"
            class="link"
            onClick={() => {
              actions.openSource(source);
            }}
          >
            {source.kind === 'query' ? 'Open query' : source.kind === 'declared' ? 'Open the customers file' : 'Show'}
          </button>
        )}
      </div>
    </div>
  );
}

/** Whether there is something to show of it: discovery and the check of a baseline are many calls. */
function opens({ kind }: FactSource): boolean {
  return kind !== 'estate' && kind !== 'baseline';
}

/** A query of so many lines is read by who wants to: its answer is what everybody looks for. */
const LONG = 8;

function SourceView({ source }: { readonly source: FactSource }) {
  // What is no call of its own: the line below says so.
  if (!opens(source)) return null;
  const text = sourceText(source);
  const lines = text.split('\n').length;
  if (lines <= LONG && text.length < 1000) return <code>{text}</code>;
  return (
    <details class="query">
      <summary>The query, {lines} lines</summary>
      <code>{text}</code>
    </details>
  );
}

/** The query, the call or the place that gave a fact, as a person would write it. */
export function sourceText(source: FactSource): string {
  switch (source.kind) {
    case 'query':
      return source.query;
    case 'graph':
      return source.query;
    case 'arm':
      return `GET ${source.path}?api-version=${source.apiVersion}`;
    case 'declared':
      return `declared.${source.field.replace(/^declared\./, '')}`;
    case 'baseline':
      return 'tenantscope baseline check';
    case 'estate':
      return 'what is seen of the estate: tenants, subscriptions, workspaces and the ways to them';
  }
}

function sourceKind(source: FactSource): string {
  switch (source.kind) {
    case 'query':
      return `query API, ${source.timespan}`;
    case 'graph':
      return 'Resource Graph';
    case 'arm':
      return 'Resource Manager';
    case 'declared':
      return 'customers file';
    case 'baseline':
      return 'check of the baseline';
    case 'estate':
      return 'discovery of the estate';
  }
}
