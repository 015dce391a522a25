import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { WorkspaceKey } from '../../model/ids.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';

/** Where saved queries are kept, and what the place is called. */
export interface ChosenPlace {
  readonly workspace: WorkspaceKey;
  readonly pack?: string;
  readonly told: string;
}

/**
 * Asks for a workspace, then for its saved searches or a query pack of its subscription. Undefined where the person
 * gave up.
 */
export async function pickPlace(app: App, title: string): Promise<ChosenPlace | undefined> {
  const estate = await app.estate.ensure();
  const index = EstateIndex.of(estate);
  const workspaces = estate.workspaces.map((workspace): QuickPickItem & { readonly key: WorkspaceKey } => ({
    label: plainLabel(workspace.name),
    description: plainLabel(index.customerName(workspace.customer)),
    detail: plainLabel(`${workspace.subscriptionName ?? workspace.subscription}, ${workspace.resourceGroup}`),
    key: workspace.key,
  }));
  workspaces.sort((a, b) => a.description!.localeCompare(b.description!) || a.label.localeCompare(b.label));
  const workspace = await window.showQuickPick(workspaces, {
    title,
    placeHolder: 'Which workspace? Query packs of its subscription come next',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!workspace) return undefined;
  const { key, label: name } = workspace;
  const places = app.worker
    .request('savedQueries.packs', { workspace: key })
    .then((packs): (QuickPickItem & { readonly pack?: string })[] => [
      { label: 'Saved searches', description: `of ${name}` },
      ...packs.map((pack) => ({
        label: plainLabel(pack.name),
        description: plainLabel(`query pack in ${pack.resourceGroup}`),
        pack: pack.armId,
      })),
    ]);
  const place = await window.showQuickPick(places, { title, placeHolder: 'Where in it?' });
  if (!place) return undefined;
  return place.pack === undefined
    ? { workspace: key, told: `workspace ${name}` }
    : { workspace: key, pack: place.pack, told: `query pack ${place.label}` };
}
