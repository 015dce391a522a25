import { Icon } from './parts.tsx';

const ICONS = { running: 'sync', failed: 'error', complete: 'pass-filled', incomplete: 'warning' } as const;

/**
 * How complete an answer is: a sentence, with who is missing and why (`details`, one line each) as its tooltip, and how
 * long it took to ask whom (`scope`); without `elapsedMs` where somebody else tells the time.
 */
export function Completeness(props: {
  readonly standing: keyof typeof ICONS;
  readonly sentence: string;
  readonly details: string;
  readonly elapsedMs?: number;
  readonly scope: string;
}) {
  const { standing, sentence, details, elapsedMs, scope } = props;
  return (
    <div class={`completeness ${standing}`} title={details}>
      <Icon name={ICONS[standing]} />
      <span class="told">{sentence}</span>
      {elapsedMs !== undefined && (
        <span class="muted" title={scope}>
          {`${(elapsedMs / 1000).toFixed(1)} s`}
        </span>
      )}
    </div>
  );
}
