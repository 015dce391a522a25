import { window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { resolveScope, scopeLabel } from '../../core/estate/scope.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { SchemaView } from '../../model/schemaView.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { scopeOfWorkspaces } from '../session/scopeOfWorkspaces.ts';

/** What each view shows. */
const VIEWS: Readonly<Record<SchemaView, { readonly label: string; readonly detail: string }>> = {
  tables: {
    label: 'Tables by workspace',
    detail: 'A row a table, a column a workspace: who has it, on which plan, filled or only known',
  },
  differences: {
    label: 'Columns that differ',
    detail: 'Columns that only some workspaces have, or have in another type, and who',
  },
  columns: {
    label: 'Columns of one table by workspace…',
    detail: 'A row a column, a column a workspace: its type there',
  },
  list: {
    label: 'Tables of each workspace',
    detail: 'A row for each workspace and table, with plan, retention and the newest data; to filter and to group',
  },
};

/** Which table and column exists where: as results, over the scope of the document or what an entry of the tree is. */
export function registerSchema(app: App): CommandsOf<'tenantscope.schema.show' | 'tenantscope.schema.showHere'> {
  const show = async (scope: Scope, view: SchemaView, table?: string): Promise<void> => {
    const estate = await app.estate.ensure();
    const title = `Asking the tables of ${scopeLabel(resolveScope(scope, estate), estate)}`;
    app.runs.showMade(
      await withCancellableProgress(title, (_report, signal) =>
        app.worker.request('schema.show', { scope, view, ...(table === undefined ? {} : { table }) }, { signal }),
      ),
    );
  };
  const choose = async (scope: Scope): Promise<void> => {
    const view = await pickView();
    if (!view) return;
    if (view !== 'columns') return show(scope, view);
    const table = await pickTable(app, scope);
    if (table !== undefined) await show(scope, view, table);
  };
  const scopeNow = (): Scope => {
    const { scope, error } = app.scope.of(app.active.document, app.scope.cursor());
    if (error) throw new AppError('input.scopeLine', `The scope line cannot be read: ${error.message}`);
    return scope;
  };
  return {
    'tenantscope.schema.show': () => choose(scopeNow()),
    'tenantscope.schema.showHere': async (node) => {
      const entry = readEntry(node);
      const table = entry.table;
      if (table !== undefined) await show(scopeNow(), 'columns', table);
      else await choose(scopeOfEntry(entry, await app.estate.ensure()));
    },
  };
}

async function pickView(): Promise<SchemaView | undefined> {
  const items = (Object.keys(VIEWS) as SchemaView[]).map((view) => ({ ...VIEWS[view], view }));
  const picked = await window.showQuickPick(items, {
    title: 'Schema of the scope',
    placeHolder: 'How it is laid out',
    matchOnDetail: true,
  });
  return picked?.view;
}

/** One of the tables that the workspaces of the scope have. */
async function pickTable(app: App, scope: Scope): Promise<string | undefined> {
  const estate = await app.estate.ensure();
  const workspaces = resolveScope(scope, estate).workspaces.map(({ key }) => key);
  const { tables } = await withCancellableProgress('Asking for the tables', (_report, signal) =>
    app.worker.request('schema.forScope', { workspaces }, { signal }),
  );
  const items = tables.map(({ name, have }) => ({
    label: plainLabel(name),
    description: have < workspaces.length ? `in ${have} of ${workspaces.length} workspaces` : '',
    name,
  }));
  const picked = await window.showQuickPick(items, { title: 'Columns of which table?' });
  return picked?.name;
}

/** What an entry of the tree tells, by shape: features do not know one another's types. */
interface EntryShape {
  readonly table?: string;
  readonly workspaces: readonly WorkspaceKey[];
}

function readEntry(node: unknown): EntryShape {
  const { kind, table, workspaces } = (node ?? {}) as {
    readonly kind?: unknown;
    readonly table?: { readonly name?: unknown };
    readonly workspaces?: unknown;
  };
  if (kind === 'table' && typeof table?.name === 'string') return { table: table.name, workspaces: [] };
  if (Array.isArray(workspaces))
    return { workspaces: (workspaces as readonly { readonly key: WorkspaceKey }[]).map(({ key }) => key) };
  throw new AppError('input.noEntry', 'Choose this command on an entry of the Estate tree.');
}

function scopeOfEntry({ workspaces }: EntryShape, estate: Estate): Scope {
  if (workspaces.length === 0)
    throw new AppError('input.scope', 'Nobody knows a workspace below this entry: its tenant could not be entered.');
  return scopeOfWorkspaces(new Set(workspaces), estate, { include: [], except: [] });
}
