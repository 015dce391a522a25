import { visibleText } from '../../base/visibleText.ts';
import { Button } from '../shell/parts.tsx';
import { useLayoutEffect, useRef } from '../shell/view.ts';
import type { ComponentChildren } from '../shell/view.ts';

/**
 * The panel beside the grid. It takes the focus when it opens, and when it shows another `subject`; Escape closes it.
 */
export function SidePanel(props: {
  readonly label: string;
  readonly subject: unknown;
  readonly title: string;
  readonly details: string;
  /** Buttons before that which closes the panel. */
  readonly actions?: ComponentChildren;
  readonly close: () => void;
  readonly children: ComponentChildren;
}) {
  const { subject, details, actions, close, children } = props;
  const [label, title] = [visibleText(props.label), visibleText(props.title)];
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    panel.current!.querySelector<HTMLElement>('header button:last-child')!.focus();
  }, [subject]);
  return (
    <aside
      ref={panel}
      class="detail"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header>
        <h2 title={title}>{title}</h2>
        <span class="muted">{details}</span>
        <span class="spring" />
        {actions}
        <Button label="Close" icon="close" shortcut="Escape" onClick={close} />
      </header>
      {children}
    </aside>
  );
}
