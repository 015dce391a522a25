import { Button } from '../shell/parts.tsx';
import { useLayoutEffect, useRef } from '../shell/view.ts';
import type { FindState } from './findControl.ts';

const TYPING_MS = 200;

/** The box that finds in the grid, as editors have it. `opened` is another number each time the box is asked for. */
export function FindBar(props: {
  readonly state: FindState;
  readonly opened: number;
  readonly type: (text: string) => void;
  readonly step: (direction: 'next' | 'previous') => void;
  readonly close: () => void;
}) {
  const { state, opened, type, step, close } = props;
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useLayoutEffect(() => {
    input.current!.focus();
    input.current!.select();
  }, [opened]);
  const typed = (): void => {
    clearTimeout(timer.current);
    type(input.current!.value);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && event.target === input.current) {
      // What was typed a moment ago is asked at once; the same text again goes on to the next.
      if (input.current?.value === state.text) step(event.shiftKey ? 'previous' : 'next');
      else typed();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="find" role="search" aria-label="Find in the grid" onKeyDown={key}>
      <input
        ref={input}
        type="text"
        placeholder="Find"
        aria-label="Find in the grid"
        spellcheck={false}
        onInput={() => {
          clearTimeout(timer.current);
          timer.current = window.setTimeout(typed, TYPING_MS);
        }}
      />
      <span class="muted">{countOf(state)}</span>
      <Button
        label="Previous match"
        icon="arrow-up"
        shortcut="Shift+Enter"
        onClick={() => {
          step('previous');
        }}
      />
      <Button
        label="Next match"
        icon="arrow-down"
        shortcut="Enter"
        onClick={() => {
          step('next');
        }}
      />
      <Button label="Close" icon="close" shortcut="Escape" onClick={close} />
    </div>
  );
}

function countOf({ text, answer }: FindState): string {
  if (text === '') return '';
  if (!answer) return 'Looking …';
  if (!answer.found) return 'No match';
  return `${(answer.found.index + 1).toLocaleString('en')} of ${answer.count.toLocaleString('en')}`;
}
