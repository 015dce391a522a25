import { checkAddress, openApprovals, placesIn } from '../../app/centresFile.ts';
import type { FoundCentres } from '../../app/centresFile.ts';
import { AppError } from '../../base/errors.ts';
import { addressOf } from '../../core/centre/centreAddress.ts';
import { CENTRE_OPTIONS, findCentres } from '../centres/centresOption.ts';
import type { Command, Values } from '../command.ts';
import { readConnection } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { findLake } from '../rollupFiles.ts';

/** `tenantscope centre`: where roll-ups are stored, and which of these addresses the person approved. */
export const CENTRE: Command = {
  name: 'centre',
  summary: 'where roll-ups are stored, and which of it you approved',
  options: {
    lake: CENTRE_OPTIONS.lake,
    rollups: CENTRE_OPTIONS.rollups,
    centres: CENTRE_OPTIONS.centres,
    cloud: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: ['ACTION', '[NAME]'],
  actions: ['list', 'approve', 'forget'],
  help: `Usage: tenantscope centre list [--json]
       tenantscope centre approve | forget NAME

Centres are named in .tenantscope/centres.json, and roll-ups store in them by "// @sink NAME":
  { "centres": {
      "main": { "kind": "logAnalytics", "tenant": "GUID", "workspace": "/subscriptions/.../workspaces/law-centre" },
      "adx":  { "kind": "dataExplorer", "tenant": "GUID", "cluster": "https://NAME.REGION.kusto.windows.net",
                "database": "Logs", "ingestion": "queued" } },
    "state": { "tenant": "GUID", "container": "https://ACCOUNT.blob.core.windows.net/rollups" } }
"state" is where runners on several machines keep how far they are; without it that is in the lake.

The file is a repository's: whoever can change it could have rows of customers sent elsewhere. So nothing is sent to an
address before you approved exactly it, by that name, of that file and cloud; one that changes asks again. What you
approved is kept in your own folder. A runner without a person has --approve NAME.

  --centres FILE         the file (default: centres.json beside the folder of roll-ups)
  --rollups DIR          the folder of roll-ups (default: .tenantscope/rollups)
  --lake DIR             the folder of the lake, shown by "list" (default: $TENANTSCOPE_LAKE)
  --cloud FILE|NAME      the cloud whose hosts the addresses have to be (default: $TENANTSCOPE_CLOUD, else public)
  --json                 one JSON document on standard output

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action, name], terminal }) {
    const found = await findCentres(values, terminal);
    const { file } = await readConnection(values, process.env);
    const { cloud } = file;
    if (action === 'list') return list(found, cloud.name, values, terminal);
    if (action !== 'approve' && action !== 'forget')
      throw new AppError(
        'input.usage',
        `"${action!.slice(0, 40)}" is not something to do with a centre: list, approve, forget.`,
      );
    if (name === undefined) throw new AppError('input.usage', 'NAME is missing. See "tenantscope centre --help".');
    const key = { file: found.path, cloud: cloud.name, name };
    if (action === 'forget') {
      const was = await openApprovals().forget(key);
      terminal.say(safeText(was ? `${name} is approved no more.` : `${name} was not approved.`));
      return EXIT.complete;
    }
    const where = placesIn(found).find(([known]) => known === name)?.[1];
    if (!where) {
      const known = placesIn(found).map(([each]) => each);
      throw new AppError(
        'input.usage',
        `${found.path} names no "${name.slice(0, 45)}"${known.length > 0 ? `; there are ${known.join(', ')}` : ''}.`,
      );
    }
    await checkAddress(where, cloud);
    const address = addressOf(where);
    await openApprovals().add({ ...key, address });
    terminal.say(safeText(`${name} is approved: ${address}.`));
    return EXIT.complete;
  },
};

async function list(found: FoundCentres, cloud: string, values: Values, terminal: Terminal): Promise<number> {
  const lake = findLake(values);
  const approvals = openApprovals();
  const rows = await Promise.all(
    placesIn(found).map(async ([name, where]) => {
      const address = addressOf(where);
      const kind = 'kind' in where ? where.kind : 'blobs';
      return { name, kind, address, approved: await approvals.has({ file: found.path, cloud, name, address }) };
    }),
  );
  if (lake !== undefined) rows.unshift({ name: 'lake', kind: 'lake', address: lake, approved: true });
  if (values['json'] === true) await terminal.write(`${toJson(rows)}\n`);
  else
    await printTable(
      terminal,
      'table',
      ['Centre', 'Kind', 'Address', 'Approved'].map((name) => ({ name, type: 'string' as const })),
      rows.map(({ name, kind, address, approved }) => [name, kind, address, approved ? 'yes' : 'no']),
    );
  return found.problems.length > 0 ? EXIT.partial : EXIT.complete;
}
