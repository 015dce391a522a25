import type { CellView, ColumnView } from '../../protocol/rows.ts';
import { button, element, fill } from '../shell/element.ts';

/** Members shown before "show all": a hostile cell may hold a hundred thousand. */
const SHOWN_MEMBERS = 200;

/** The panel beside the grid that shows one cell whole: a tree for dynamic values, wrapped text for the rest. */
export class CellDetail {
  readonly node = element('aside', { class: 'detail', 'aria-label': 'Cell', hidden: true });
  private readonly actions: { copy(text: string): void; open(column: string, text: string): void; closed(): void };

  constructor(actions: { copy(text: string): void; open(column: string, text: string): void; closed(): void }) {
    this.actions = actions;
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.hide();
        this.actions.closed();
      }
    });
  }

  show(column: ColumnView, value: CellView, row: number): void {
    const text = value === null ? '' : String(value);
    const parsed = column.type === 'dynamic' ? parse(text) : undefined;
    const body =
      parsed && typeof parsed.value === 'object' && parsed.value !== null
        ? element('div', { class: 'tree', role: 'tree', 'aria-label': column.name }, ...members(parsed.value))
        : element('pre', { tabindex: 0 }, text === '' ? '(empty)' : text);
    const close = button(
      'Close',
      'close',
      () => {
        this.hide();
        this.actions.closed();
      },
      { key: 'Escape' },
    );
    fill(
      this.node,
      element(
        'header',
        {},
        element('h2', {}, column.name),
        element('span', { class: 'muted' }, `${column.type}, row ${row + 1}`),
        element('span', { class: 'spring' }),
        button('Copy value', 'copy', () => {
          this.actions.copy(text);
        }),
        button('Open in editor', 'go-to-file', () => {
          this.actions.open(column.name, text);
        }),
        close,
      ),
      body,
    );
    this.node.hidden = false;
    close.focus();
  }

  hide(): void {
    this.node.hidden = true;
  }
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function members(value: object): HTMLElement[] {
  const entries = Object.entries(value);
  const nodes = entries.slice(0, SHOWN_MEMBERS).map(([key, member]) => memberNode(key, member));
  if (entries.length > SHOWN_MEMBERS)
    nodes.push(element('div', { class: 'muted' }, `${entries.length - SHOWN_MEMBERS} more; open in editor to see all`));
  return nodes;
}

function memberNode(key: string, value: unknown): HTMLElement {
  const label = element('span', { class: 'key' }, `${key}: `);
  if (typeof value !== 'object' || value === null) {
    return element(
      'div',
      { class: 'leaf', role: 'treeitem', tabindex: 0 },
      label,
      element('span', { class: `value ${value === null ? 'null' : typeof value}` }, JSON.stringify(value)),
    );
  }
  const size = Object.keys(value).length;
  const branch = element(
    'details',
    { role: 'treeitem' },
    element(
      'summary',
      {},
      label,
      element('span', { class: 'muted' }, Array.isArray(value) ? `[${size}]` : `{${size}}`),
    ),
  );
  // Filled when opened: deep values cost nothing until somebody looks.
  branch.addEventListener('toggle', () => {
    if (branch.open && branch.childElementCount === 1)
      branch.append(element('div', { role: 'group', class: 'branch' }, ...members(value)));
  });
  return branch;
}
