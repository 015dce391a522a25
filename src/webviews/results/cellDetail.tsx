import { Button } from '../shell/parts.tsx';
import { useState } from '../shell/view.ts';
import type { RowCell } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';
import { SidePanel } from './sidePanel.tsx';

/** Members shown before "show all": a hostile cell may hold a hundred thousand. */
const SHOWN_MEMBERS = 200;

/** A cell that was opened; `row` counts from 0. */
export interface OpenedCell {
  readonly column: MergedColumn;
  readonly value: RowCell;
  readonly row: number;
}

/** What the panel shows, and what it can have done with the cell's whole text. */
export interface CellDetailProps {
  readonly cell: OpenedCell;
  readonly copy: (text: string) => void;
  readonly open: (column: string, text: string) => void;
  readonly close: () => void;
}

/** The panel beside the grid that shows one cell whole: a tree for dynamic values, wrapped text for the rest. */
export function CellDetail({ cell, copy, open, close }: CellDetailProps) {
  const { column, value, row } = cell;
  const text = value === null ? '' : String(value);
  const actions = (
    <>
      <Button
        label="Copy value"
        icon="copy"
        onClick={() => {
          copy(text);
        }}
      />
      <Button
        label="Open in editor"
        icon="go-to-file"
        onClick={() => {
          open(column.name, text);
        }}
      />
    </>
  );
  return (
    <SidePanel
      label="Cell"
      subject={cell}
      title={column.name}
      details={`${column.type}, row ${row + 1}`}
      actions={actions}
      close={close}
    >
      <CellBody key={`${row} ${column.name}`} column={column} text={text} />
    </SidePanel>
  );
}

function CellBody({ column, text }: { readonly column: MergedColumn; readonly text: string }) {
  const value = column.type === 'dynamic' ? parse(text) : undefined;
  if (typeof value !== 'object' || value === null) return <pre tabIndex={0}>{text === '' ? '(empty)' : text}</pre>;
  return (
    <div class="tree" role="tree" aria-label={column.name}>
      <Members value={value} />
    </div>
  );
}

/** The value of a JSON text; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function Members({ value }: { readonly value: object }) {
  const entries = Object.entries(value);
  return (
    <>
      {entries.slice(0, SHOWN_MEMBERS).map(([key, member]) => (
        <Member name={key} value={member} />
      ))}
      {entries.length > SHOWN_MEMBERS && (
        <div class="muted">{`${entries.length - SHOWN_MEMBERS} more; open in editor to see all`}</div>
      )}
    </>
  );
}

function Member({ name, value }: { readonly name: string; readonly value: unknown }) {
  // Filled when opened: deep values cost nothing until somebody looks.
  const [looked, setLooked] = useState(false);
  const label = <span class="key">{`${name}: `}</span>;
  if (typeof value !== 'object' || value === null)
    return (
      <div class="leaf" role="treeitem" tabIndex={0}>
        {label}
        <span class={`value ${value === null ? 'null' : typeof value}`}>{JSON.stringify(value)}</span>
      </div>
    );
  const size = Object.keys(value).length;
  return (
    <details
      role="treeitem"
      onToggle={(event) => {
        if (event.currentTarget.open) setLooked(true);
      }}
    >
      <summary>
        {label}
        <span class="muted">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </summary>
      {looked && (
        <div role="group" class="branch">
          <Members value={value} />
        </div>
      )}
    </details>
  );
}
