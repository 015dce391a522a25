import { readFile } from 'node:fs/promises';
import { decodeText } from '../../base/decodeText.ts';
import { AppError } from '../../base/errors.ts';
import { findCspCustomers } from '../../core/access/cspCustomers.ts';
import { parsePartnerExport } from '../../core/access/partnerExport.ts';
import type { PartnerContract } from '../../ports/microsoftGraph.ts';
import { textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';

/** `tenantscope customers csp`: the customers of a Microsoft partner, and who of them is not watched yet. */
export const CUSTOMERS: Command = {
  name: 'customers',
  summary: 'who a Microsoft partner serves, and what is missing to watch over each',
  options: {
    ...CONNECTION_OPTIONS,
    export: { type: 'string' },
    missing: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: ['ACTION'],
  help: `Usage: tenantscope customers csp [--export FILE] [--missing] [--json]

Asks Microsoft Graph, in the home tenant of each account, for the customers of the partner: contracts and delegated
admin relationships. Both are held against the tenants and workspaces that are seen. An admin relationship gives roles
in Microsoft Entra ID and none in Azure.

It needs the permissions Directory.Read.All and DelegatedAdminRelationship.Read.All; where Microsoft Graph refuses, an
export of Partner Center does.

  --export FILE          Customers.csv of Partner Center, or the JSON of its API
  --missing              only those that are not onboarded
  --json                 one JSON document
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action], terminal }) {
    if (action !== 'csp')
      throw new AppError('input.usage', `"${action!.slice(0, 40)}" is not something to do with customers: csp.`);
    return listCsp(values, terminal);
  },
};

async function listCsp(values: Values, terminal: Terminal): Promise<number> {
  const exported = await readExport(textOf(values, 'export'));
  const azure = await openAzure(values, terminal);
  try {
    const { estate, customers, microsoftGraph: graph } = azure;
    const found = await findCspCustomers({ estate, customers, graph }, exported, terminal.signal);
    const shown = values['missing'] === true ? found.customers.filter((one) => !one.onboarded) : found.customers;
    if (values['json'] === true) await terminal.write(`${toJson({ ...found, customers: shown })}\n`);
    else
      await printTable(
        terminal,
        'table',
        ['Customer', 'Domain', 'Tenant', 'Relationship', 'Workspaces', 'Missing'].map((name) => ({
          name,
          type: name === 'Workspaces' ? 'int' : 'string',
        })),
        shown.map(({ name, domain, tenant, relationship, workspaces, missing }) => [
          name,
          domain,
          tenant,
          relationship?.status ?? '',
          workspaces,
          missing.join(' '),
        ]),
      );
    for (const { where, error } of found.problems) terminal.say(safeText(`${where}: ${error.message}`));
    const open = found.customers.filter((one) => !one.onboarded).length;
    terminal.say(`${found.customers.length} customers of the partner, ${open} not onboarded`);
    return found.problems.length > 0 ? EXIT.partial : EXIT.complete;
  } finally {
    azure.dispose();
  }
}

async function readExport(path: string | undefined): Promise<readonly PartnerContract[]> {
  if (path === undefined) return [];
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    throw new AppError('input.partnerExport', `The Partner Center export ${path} cannot be read.`);
  }
  return parsePartnerExport(decodeText(bytes), path);
}
