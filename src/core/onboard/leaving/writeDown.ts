import type { CancelSignal } from '../../../base/cancel.ts';
import type { CollectionRule } from '../../../model/assessment/facts.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { SavedQuery } from '../../../model/savedQuery.ts';
import type { DirectoryPort } from '../../../ports/directory.ts';
import type { OnboardingFolder } from '../../../ports/onboarding.ts';
import { issuerOf } from '../../estate/path.ts';
import type { WrittenAlert } from './endAlerts.ts';
import type { FoundSetting } from '../../access/block/findSettings.ts';
import type { Leaving } from './leavingNotes.ts';

/** What a centre has of one workspace, by one roll-up: the last window that is stored, and what lacks. ISO times. */
export interface StoredLine {
  readonly rollup: string;
  readonly sink: string;
  readonly workspace: string;
  readonly since?: string;
  readonly until?: string;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** What is read to be written down. */
export interface WritingWorld {
  readonly directory: Pick<DirectoryPort, 'tables'>;
  readonly queries: (workspace: Workspace, signal: CancelSignal) => Promise<readonly SavedQuery[]>;
  /** What roll-ups have stored of it, where the program knows of a centre. */
  readonly stored?: (leaving: Leaving, signal: CancelSignal) => Promise<readonly StoredLine[]>;
}

/** What was found on the way, to be written down as well. */
export interface Found {
  readonly settings: readonly FoundSetting[];
  readonly rules: readonly CollectionRule[];
  /** Of what ends, by ARM id in lower case: all that makes it again. */
  readonly definitions: ReadonlyMap<string, object>;
  readonly alerts: readonly WrittenAlert[];
}

/** Writes a file for each kind of thing there is of a customer. Rejects where anything cannot be read or written. */
export async function writeDown(
  leaving: Leaving,
  { directory, queries, stored }: WritingWorld,
  found: Found,
  folder: Pick<OnboardingFolder, 'write'>,
  signal: CancelSignal,
): Promise<void> {
  const settings: object[] = [];
  const saved: object[] = [];
  for (const workspace of leaving.workspaces) {
    const { armId, name, guid, region, sku, retentionDays, dailyCapGb, tags } = workspace;
    const tables = await directory.tables(issuerOf(workspace), armId, signal);
    const cap = dailyCapGb ?? null;
    settings.push({ armId, name, workspaceId: guid, region, sku, retentionDays, dailyCapGb: cap, tags, tables });
    saved.push({ workspace: name, queries: await queries(workspace, signal) });
  }
  const wholeOf = (id: string): { readonly definition?: object } => {
    const definition = found.definitions.get(id.toLowerCase());
    return definition ? { definition } : {};
  };
  const files: readonly (readonly [string, object])[] = [
    ['settings.json', settings],
    ['queries.json', saved],
    ['alerts.json', found.alerts],
    ['collection-rules.json', found.rules.map((one) => ({ ...one, ...wholeOf(one.id) }))],
    [
      'diagnostic-settings.json',
      found.settings.map(({ armId, called, workspace }) => ({ armId, of: called, workspace, ...wholeOf(armId) })),
    ],
    ...(stored ? [['rollups.json', await stored(leaving, signal)] as const] : []),
  ];
  for (const [name, content] of files) await folder.write(name, `${JSON.stringify(content, null, 2)}\n`);
}
