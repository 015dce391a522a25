import type { ComponentChildren } from './view.ts';

/** A tab of a page; `id` also names its panel. */
export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** A short count behind the label. */
  readonly count?: string;
}

/** The tabs of a page as the ARIA pattern has them: one tab stop, left and right arrows choose and go round. */
export function Tabs<Id extends string>(props: {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly chosen: Id;
  readonly onChoose: (tab: Id) => void;
}) {
  const { label, tabs, chosen, onChoose } = props;
  const move = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (tabs.findIndex(({ id }) => id === chosen) + step + tabs.length) % tabs.length;
    onChoose(tabs[next]!.id);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`tab-${tab.id}`}
          aria-controls={`panel-${tab.id}`}
          aria-selected={tab.id === chosen}
          tabIndex={tab.id === chosen ? 0 : -1}
          onClick={() => {
            onChoose(tab.id);
          }}
        >
          {`${tab.label} `}
          <span class="count">{tab.count ?? ''}</span>
        </button>
      ))}
    </div>
  );
}

/** What a tab shows. It stays on the page while another tab is chosen, so that it keeps its place. */
export function TabPanel(props: {
  readonly id: string;
  readonly chosen: string;
  readonly class: string;
  /** Set to 0 where nothing inside can take the focus and the panel itself scrolls. */
  readonly tabIndex?: 0;
  readonly children: ComponentChildren;
}) {
  return (
    <div
      class={props.class}
      role="tabpanel"
      id={`panel-${props.id}`}
      aria-labelledby={`tab-${props.id}`}
      hidden={props.id !== props.chosen}
      tabIndex={props.tabIndex}
    >
      {props.children}
    </div>
  );
}
