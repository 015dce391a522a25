/** @jsxRuntime automatic @jsxImportSource preact */
import type { Finding } from '../model/assessment/findings.ts';
import { ARCHITECTURES } from '../model/assessment/verdict.ts';
import type { Fit, TodayState } from '../model/assessment/verdict.ts';
import { LETTER, TODAY_WORD, countSeverities } from './words.ts';

/** A swatch and the word: colour is never the only sign. */
export function TodayMark({ state }: { readonly state: TodayState }) {
  return (
    <span class="arch">
      <i class={`swatch ${state}`} aria-hidden="true" />
      {TODAY_WORD[state]}
    </span>
  );
}

/** How well the three architectures fit, best first, each with its letter; with its word where `today` is given. */
export function FitBars({ fit, today }: { readonly fit: Fit; readonly today?: TodayState }) {
  const { scores, best } = fit;
  if (!scores || best === undefined) return <span class="dim">not known</span>;
  const order = [...ARCHITECTURES].sort((a, b) => Number(b === best) - Number(a === best) || scores[b] - scores[a]);
  return (
    <div
      class={today === undefined ? 'bars' : 'bars long'}
      role="img"
      aria-label={`Fits ${best}: ${order.map((one) => `${one} ${scores[one]} of 100`).join(', ')}`}
    >
      {order.map((one) => (
        <div key={one} class={one === best ? 'bar best' : 'bar'}>
          <span>{today === undefined ? LETTER[one] : `${one}${one === today ? ', today' : ''}`}</span>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="6" rx="3" />
            <rect class={`fill ${one}`} width={scores[one]} height="6" rx="3" />
          </svg>
          <span>{scores[one]}</span>
        </div>
      ))}
    </div>
  );
}

/** `2 critical  1 high`. */
export function SeverityCounts({ findings }: { readonly findings: readonly Finding[] }) {
  const counts = countSeverities(findings);
  if (counts.length === 0) return <span class="dim">none</span>;
  return (
    <span class="sevs">
      {counts.map(({ severity, count }) => (
        <span key={severity} class="sev">
          <i class={`dot ${severity}`} aria-hidden="true" />
          {count} {severity}
        </span>
      ))}
    </span>
  );
}
