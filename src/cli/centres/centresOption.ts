import { dirname, join, resolve } from 'node:path';
import type { RollupPlaces } from '../../app/rollups.ts';
import { approvalOf, checkAddress, loadCentres, openApprovals, placesIn, toldOf } from '../../app/centresFile.ts';
import type { FoundCentres, NamedPlace } from '../../app/centresFile.ts';
import { AppError } from '../../base/errors.ts';
import type { Cloud } from '../../model/cloud.ts';
import { textOf, textsOf } from '../command.ts';
import type { Values } from '../command.ts';
import { readConnection } from '../connection.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { findLake, rollupFolder } from '../rollupFiles.ts';

/** Options of every command that opens centres. */
export const CENTRE_OPTIONS = {
  lake: { type: 'string' },
  rollups: { type: 'string' },
  centres: { type: 'string' },
  approve: { type: 'string', multiple: true },
} as const;

/** What `--help` says of `CENTRE_OPTIONS`. */
export const CENTRE_HELP = `  --lake DIR             the folder of the lake (default: $TENANTSCOPE_LAKE); it holds customers' logs: no repository
  --rollups DIR          the folder of roll-ups (default: .tenantscope/rollups)
  --centres FILE         the file of centres (default: centres.json beside the folder of roll-ups)
  --approve NAME         for this time: rows may go to the centre of this name, where nobody can be asked`;

/** The file of `--centres`, else the one beside the roll-ups; its problems are told. Rejects with `input.file`. */
export async function findCentres(values: Values, terminal: Pick<Terminal, 'say'>): Promise<FoundCentres> {
  const named = textOf(values, 'centres');
  const path = resolve(named ?? join(dirname(rollupFolder(values)), 'centres.json'));
  const found = await loadCentres(path, named !== undefined);
  for (const { line, message } of found.problems) terminal.say(safeText(`${path}:${line}: ${message}`));
  return found;
}

/**
 * Where these sinks store (all that are known where none are given), and where the state is kept. Every address of the
 * file that is among them is one of the cloud's, and approved: before, by `--approve`, or now by whoever sits here.
 * Rejects with `input.centreAddress` and `input.notApproved`; nothing was sent then.
 */
export async function placesOf(values: Values, terminal: Terminal, sinks?: readonly string[]): Promise<RollupPlaces> {
  const lake = findLake(values);
  const found = await findCentres(values, terminal);
  const wanted = found.centres.filter(({ name }) => sinks?.includes(name) ?? true);
  const places = placesIn(found, sinks);
  if (places.length > 0) {
    const { file } = await readConnection(values, process.env);
    for (const place of places) await approved(place, { found, cloud: file.cloud, values, terminal });
  }
  const isNeeded = sinks?.includes('lake') ?? (wanted.length === 0 || !found.state);
  if (lake === undefined && (isNeeded || !found.state)) throw noLake(found);
  return {
    centres: [...(lake === undefined ? [] : [{ kind: 'lake', name: 'lake', folder: lake } as const]), ...wanted],
    ...(found.state ? { state: found.state } : {}),
  };
}

async function approved(
  place: NamedPlace,
  {
    found,
    cloud,
    values,
    terminal,
  }: { readonly found: FoundCentres; readonly cloud: Cloud; readonly values: Values; readonly terminal: Terminal },
): Promise<void> {
  const [name, where] = place;
  await checkAddress(where, cloud);
  const approval = approvalOf(found, cloud, place);
  const approvals = openApprovals();
  if (textsOf(values, 'approve').includes(name) || (await approvals.has(approval))) return;
  const told = safeText(toldOf(place));
  if (!terminal.interactive)
    throw new AppError(
      'input.notApproved',
      `${found.path} ${told}. Nobody has approved that. "tenantscope centre approve ${name}" does for you, --approve ${name} for this time. Nothing was sent.`,
    );
  const answer = await terminal.ask(`${safeText(found.path)} ${told}. Approve this address? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new AppError('cancelled.byUser', 'Nothing was sent.');
  await approvals.add(approval);
}

function noLake({ isThere, path, state }: FoundCentres): AppError {
  const instead =
    isThere && !state ? ` Or name "state" in ${path}, a container of blobs, where no roll-up stores in the lake.` : '';
  return new AppError('input.usage', `--lake DIR is missing: where the rows of customers are stored.${instead}`);
}
