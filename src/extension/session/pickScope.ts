import { QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { resolveRows, scopeLabel } from '../../core/estate/scope.ts';
import type { Estate } from '../../model/estate.ts';
import type { Scope, Selector } from '../../model/scope.ts';
import { scopeOfPicks, scopePickItems, unlistedSelectors } from './pickItems.ts';

type Item = QuickPickItem & { readonly selector?: Selector | 'all' };

/** Asks for a scope; undefined when dismissed. The title counts what is ticked while it is being ticked. */
export async function pickScope(estate: Estate, current: Scope): Promise<Scope | undefined> {
  const lines = scopePickItems(estate, current);
  const kept = unlistedSelectors(current, lines);
  const items = lines.map((line): Item =>
    line.heading === undefined
      ? {
          label: line.label,
          description: line.description,
          selector: line.selector,
          ...(line.detail ? { detail: line.detail } : {}),
        }
      : { label: line.heading, kind: QuickPickItemKind.Separator },
  );
  const picked = new Set(lines.flatMap((line, at) => (line.heading === undefined && line.picked ? [items[at]!] : [])));
  const pick = window.createQuickPick<Item>();
  const chosen = (): Scope => {
    const scope = scopeOfPicks(
      pick.selectedItems.flatMap((item) => (item.selector ? [item.selector] : [])),
      current,
    );
    return scope.include === 'all' ? scope : { ...scope, include: [...scope.include, ...kept] };
  };
  const retitle = (): void => {
    const scope = chosen();
    const empty = scope.include !== 'all' && scope.include.length === 0;
    pick.title = empty ? 'Scope: nothing yet' : `Scope: ${scopeLabel(resolveRows(scope, estate), estate)}`;
  };
  try {
    return await new Promise<Scope | undefined>((resolve) => {
      pick.canSelectMany = true;
      pick.matchOnDescription = true;
      pick.matchOnDetail = true;
      pick.ignoreFocusOut = false;
      pick.placeholder = 'Search groups, customers, tenants, workspaces, tags and regions';
      pick.items = items;
      pick.selectedItems = [...picked];
      retitle();
      let everything = picked.has(items[0]!);
      pick.onDidChangeSelection((selection) => {
        // "Everything" and single names exclude each other; the one ticked last wins.
        const all = items[0]!;
        if (selection.includes(all) && selection.length > 1) {
          pick.selectedItems = everything ? selection.filter((item) => item !== all) : [all];
        }
        everything = pick.selectedItems.includes(all);
        retitle();
      });
      pick.onDidAccept(() => {
        const scope = chosen();
        if (scope.include !== 'all' && scope.include.length === 0) {
          pick.title = 'Tick at least one line, or press Escape to leave the scope as it is.';
          return;
        }
        resolve(scope);
        pick.hide();
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
