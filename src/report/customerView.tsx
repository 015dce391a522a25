/** @jsxRuntime automatic @jsxImportSource preact */
import type { Assessment, CustomerAssessment } from '../model/assessment/assessment.ts';
import type { CheckOutcome } from '../model/assessment/findings.ts';
import { reasonsFor } from '../model/assessment/reasons.ts';
import { ARCHITECTURES } from '../model/assessment/verdict.ts';
import type { CriterionResult, Fit, TodayState } from '../model/assessment/verdict.ts';
import type { ReportActions } from './actions.ts';
import { ArchitecturePicture } from './architecturePicture.tsx';
import { ComparisonTable } from './comparisonTable.tsx';
import type { ComponentChildren } from './draw.ts';
import { EvidenceView, FindingView } from './findingView.tsx';
import { FitBars } from './marks.tsx';
import { ReadersTable } from './readersTable.tsx';
import { checksText, count, requirementWords, timeText } from './words.ts';

/** What the page of one customer shows. `head` holds a live page's buttons. */
export interface CustomerViewProps {
  readonly assessment: Pick<Assessment, 'at'>;
  readonly customer: CustomerAssessment;
  /** Print and files have everything open. */
  readonly open?: boolean;
  readonly actions?: ReportActions | undefined;
  readonly head?: ComponentChildren;
}

/** One customer: today, what fits and why; findings with their evidence; the comparison; who can read. */
export function CustomerView({ assessment, customer, open, actions, head }: CustomerViewProps) {
  const { name, sentence, fit, findings, checks, comparison, readers, pictures, assessed, today } = customer;
  return (
    <div class="report customer">
      <div class="top">
        <div>
          <p class="dim">
            {actions ? (
              <button
                type="button"
                class="link"
                onClick={() => {
                  actions.openEstate();
                }}
              >
                Architecture fit
              </button>
            ) : (
              'Architecture fit'
            )}{' '}
            · measured {timeText(assessment.at)}
          </p>
          <h1>{name}</h1>
        </div>
        {head}
      </div>
      <p class="verdict">
        <Verdict sentence={sentence} />
      </p>
      {assessed && (
        <>
          <div class="two">
            <ArchitecturePicture picture={pictures.today} title="Today, with the volume a month" />
            {pictures.fits && fit.best !== undefined && fit.best !== today.state && (
              <ArchitecturePicture picture={pictures.fits} title={`What fits: ${fit.best}, with the volume a month`} />
            )}
          </div>
          <div class="two">
            <section>
              <h2>{fit.best === undefined ? 'What is known' : `Why ${fit.best}`}</h2>
              <div class="score">
                <span class="dim">Fit, of 100</span> <FitBars fit={fit} today={today.state} />
              </div>
              <Reasons fit={fit} today={today.state} />
            </section>
            <section>
              <h2>What would change this</h2>
              <Changes fit={fit} />
            </section>
          </div>
          {open !== true && <Criteria criteria={fit.criteria} actions={actions} />}
        </>
      )}
      <h2>Findings</h2>
      {findings.length === 0 ? (
        <p>{assessed ? 'Nothing is wrong that the checks look for.' : 'Nobody could look.'}</p>
      ) : (
        findings.map((one, index) => (
          <FindingView key={index} finding={one} open={open === true || index === 0} actions={actions} />
        ))
      )}
      <Checks checks={checks} open={open} />
      {assessed && open === true && <Criteria criteria={fit.criteria} open actions={actions} />}
      {assessed && (
        <>
          <Section title="The three architectures for this customer" open={open === true || findings.length > 0}>
            <ComparisonTable claims={comparison} />
          </Section>
          <Section title="Who can read its logs" open={open}>
            <ReadersTable readers={readers} />
          </Section>
        </>
      )}
    </div>
  );
}

/** The architectures that the first sentence names stand out: they are the verdict. */
function Verdict({ sentence }: { readonly sentence: string }) {
  const end = sentence.indexOf('. ') < 0 ? sentence.length : sentence.indexOf('. ');
  const words = sentence.slice(0, end).split(/\b(distributed|central|hybrid|mixed)\b/i);
  return (
    <>
      {words.map((word, index) => (index % 2 === 1 ? <b key={index}>{word}</b> : word))}
      {sentence.slice(end)}
    </>
  );
}

function Section(props: { title: string; open?: boolean | undefined; children: ComponentChildren }) {
  return (
    <details class="section" open={props.open}>
      <summary>
        <h2>{props.title}</h2>
      </summary>
      {props.children}
    </details>
  );
}

/** The strongest reasons, as many as fit in a glance. */
function Reasons({ fit, today }: { readonly fit: Fit; readonly today: TodayState }) {
  const { best, criteria } = fit;
  if (best === undefined) return null;
  return (
    <ol>
      {reasonsFor(criteria, best, today)
        .slice(0, 3)
        .map(({ id, text }) => (
          <li key={id}>{text}.</li>
        ))}
    </ol>
  );
}

/** The criteria that count, each with the facts behind it one click away. */
function Criteria(props: {
  readonly criteria: readonly CriterionResult[];
  readonly open?: boolean | undefined;
  readonly actions?: ReportActions | undefined;
}) {
  const known = props.criteria.filter(({ serves }) => serves !== undefined);
  return (
    <details class="criteria" open={props.open}>
      <summary>All {count(known.length, 'criterion', 'criteria')}, with their facts</summary>
      <ul>
        {known
          .toSorted((a, b) => b.weight - a.weight)
          .map(({ id, title, text, weight, serves, evidence }) => (
            <li key={id}>
              <b>{title}</b> <span class="dim">weight {weight}</span>
              <br />
              {text}.{' '}
              <span class="dim">
                {ARCHITECTURES.map((one) => `${one} ${Math.round(serves![one] * 100)}`).join(', ')}
              </span>
              {evidence.slice(0, 6).map((one, index) => (
                <EvidenceView key={index} evidence={one} actions={props.actions} />
              ))}
            </li>
          ))}
      </ul>
    </details>
  );
}

function Changes({ fit }: { readonly fit: Fit }) {
  const unknown = fit.criteria.filter(({ serves, undeclared }) => serves === undefined && undeclared === undefined);
  return (
    <ul>
      {fit.changes.map(({ condition, best, scores }) => (
        <li key={condition}>
          {condition}: <b>{best}</b> {scores[best]} of 100
          <span class="dim">
            {' '}
            (
            {ARCHITECTURES.filter((one) => one !== best)
              .map((one) => `${one} ${scores[one]}`)
              .join(', ')}
            )
          </span>
        </li>
      ))}
      {fit.changes.length === 0 && fit.best !== undefined && (
        <li>No single input that is declared or measured would.</li>
      )}
      {fit.undeclared.length > 0 && <li>Undeclared, so not counted: {requirementWords(fit.undeclared)}.</li>}
      {unknown.length > 0 && <li>Not known, so not counted: {unknown.map(({ title }) => title).join('; ')}.</li>}
      <li>Confidence: {fit.confidence}.</li>
    </ul>
  );
}

/** Passed checks are one line that opens; what could not run says why. */
function Checks({ checks, open }: { readonly checks: readonly CheckOutcome[]; readonly open?: boolean | undefined }) {
  const of = (state: CheckOutcome['state']): readonly CheckOutcome[] => checks.filter((one) => one.state === state);
  const unknown = checks.filter((one) => one.unknown.length > 0);
  const passed = of('passed');
  const idle = of('notApplicable');
  return (
    <details class="checks" open={open}>
      <summary>{checksText(checks)}</summary>
      {unknown.length > 0 && (
        <ul>
          {unknown.map(({ check, title, unknown: list }) => (
            <li key={check}>
              <b>{title}?</b> Not known: {reasons(list)}
            </li>
          ))}
        </ul>
      )}
      <ul>
        {passed.map(({ check, title }) => (
          <li key={check}>✓ {title}</li>
        ))}
        {idle.map(({ check, title, because }) => (
          <li key={check} class="dim">
            {title}: {because}
          </li>
        ))}
      </ul>
    </details>
  );
}

function reasons(unknown: CheckOutcome['unknown']): string {
  const by = new Map<string, string[]>();
  for (const { subject, error } of unknown) by.set(error.message, [...(by.get(error.message) ?? []), subject.name]);
  return [...by].map(([message, names]) => `${[...new Set(names)].slice(0, 5).join(', ')}: ${message}`).join(' ');
}
