import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeText } from '../../base/decodeText.ts';
import { AppError } from '../../base/errors.ts';
import { findCspCustomers } from '../../core/access/cspCustomers.ts';
import { relationshipWords } from '../../core/access/relationshipWords.ts';
import type { CspWorld } from '../../core/access/cspCustomers.ts';
import { parsePartnerExport } from '../../core/access/partnerExport.ts';
import { didYouMean, suggestNames } from '../../core/estate/suggestions.ts';
import { addToCome } from '../../core/access/toComeEntries.ts';
import { SYSTEM_CLOCK } from '../../engine/runtime/systemClock.ts';
import type { CspCustomer } from '../../model/cspCustomer.ts';
import type { Scope } from '../../model/scope.ts';
import type { PartnerContract } from '../../ports/microsoftGraph.ts';
import { soundBaselineIfAny } from '../baselineFile.ts';
import { textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readRollups, rollupFolder } from '../rollupFiles.ts';

/** `tenantscope customers csp`: the customers of a Microsoft partner, and who of them is not watched yet. */
export const CUSTOMERS: Command = {
  name: 'customers',
  summary: 'who a Microsoft partner serves, and what is missing to watch over each',
  options: {
    ...CONNECTION_OPTIONS,
    export: { type: 'string' },
    missing: { type: 'boolean' },
    customer: { type: 'string' },
    'to-come': { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: ['ACTION'],
  actions: ['csp'],
  help: `Usage: tenantscope customers csp [--export FILE] [--missing] [--customer NAME] [--json]
       tenantscope customers csp --missing --to-come FILE

Asks Microsoft Graph, in the home tenant of each account, for the customers of the partner: contracts and delegated
admin relationships. Both are held against the tenants and workspaces that are seen. An admin relationship gives roles
in Microsoft Entra ID and none in Azure.

It needs the permissions Directory.Read.All and DelegatedAdminRelationship.Read.All; where Microsoft Graph refuses, an
export of Partner Center does.

  --export FILE          Customers.csv of Partner Center, or the JSON of its API
  --missing              only those that are not onboarded
  --customer NAME        only this one (name, domain or tenant), with what to do for it
  --to-come FILE         add those that are told to a file for "tenantscope onboard"; their subscription is yours to
                         fill in
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
  const agreed = await readAgreed(values, terminal);
  const azure = await openAzure(values, terminal);
  try {
    const { estate, customers, microsoftGraph: graph } = azure;
    const world = { estate, customers, graph, clock: SYSTEM_CLOCK, agreed };
    const found = await findCspCustomers(world, exported, terminal.signal);
    const shown = chosen(found.customers, values);
    if (values['json'] === true) await terminal.write(`${toJson({ ...found, customers: shown })}\n`);
    else await print(shown, textOf(values, 'customer') !== undefined, terminal);
    for (const { where, error } of found.problems) terminal.say(safeText(`${where}: ${error.message}`));
    const open = found.customers.filter((one) => !one.onboarded).length;
    terminal.say(`${found.customers.length} customers of the partner, ${open} not onboarded`);
    await writeToCome(textOf(values, 'to-come'), shown, terminal);
    return found.problems.length > 0 ? EXIT.partial : EXIT.complete;
  } finally {
    azure.dispose();
  }
}

function chosen(customers: readonly CspCustomer[], values: Values): readonly CspCustomer[] {
  const shown = values['missing'] === true ? customers.filter((one) => !one.onboarded) : customers;
  const wanted = textOf(values, 'customer');
  if (wanted === undefined) return shown;
  const found = shown.filter(({ name, domain, tenant }) =>
    [name, domain, tenant].some((one) => one.toLowerCase() === wanted.toLowerCase()),
  );
  if (found.length > 0) return found;
  const near = didYouMean(
    suggestNames(
      wanted,
      shown.map(({ name }) => name),
    ),
  );
  throw new AppError(
    'input.usage',
    `The partner has no customer "${wanted.slice(0, 60)}"${values['missing'] === true ? ' that is not onboarded' : ''}.${near}`,
  );
}

/** A line for each, and what to do below: where one was asked for, or where it does not fit beside. */
async function print(customers: readonly CspCustomer[], details: boolean, terminal: Terminal): Promise<void> {
  await printTable(
    terminal,
    'table',
    ['Customer', 'Domain', 'Relationship', 'Workspaces', 'Onboarded', 'Lacks'].map((name) => ({
      name,
      type: name === 'Workspaces' ? 'int' : 'string',
    })),
    customers.map((one) => [
      one.name,
      one.domain,
      relationshipWords(one),
      one.workspaces,
      one.onboarded ? 'yes' : 'no',
      one.lacks.join(', '),
    ]),
  );
  if (!details) {
    if (customers.some(({ missing }) => missing.length > 0)) terminal.say('--customer NAME tells what to do for one.');
    return;
  }
  for (const { name, tenant, missing } of customers) {
    await terminal.write(`\n${safeText(`${name}, tenant ${tenant}`)}\n`);
    if (missing.length === 0) await terminal.write('  Nothing is missing.\n');
    for (const sentence of missing) await terminal.write(`${safeText(`  - ${sentence}`)}\n`);
  }
}

/** What was agreed for customers, as far as the repository says it: its baseline and its roll-ups. */
async function readAgreed(values: Values, terminal: Terminal): Promise<NonNullable<CspWorld['agreed']>> {
  const baseline = await soundBaselineIfAny(values, terminal);
  const rollups = (await access(rollupFolder(values)).catch(() => 'absent')) === 'absent' ? [] : await scopesOf(values);
  return { ...(baseline ? { baseline } : {}), rollups };
}

/** Roll-ups that cannot be read are for others to tell. */
async function scopesOf(values: Values): Promise<readonly Scope[]> {
  const { found } = await readRollups(values, { say: () => undefined });
  return found.map(({ definition }) => definition.scope);
}

async function writeToCome(
  path: string | undefined,
  customers: readonly CspCustomer[],
  terminal: Terminal,
): Promise<void> {
  if (path === undefined) return;
  const open = customers.filter(({ onboarded }) => !onboarded);
  const before = await readFile(path).then(decodeText, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new AppError('input.customersToCome', `The file ${path} cannot be read.`);
  });
  const { text, added } = addToCome(before, open);
  if (added.length > 0) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  terminal.say(
    safeText(
      added.length === 0
        ? `Nobody was added to ${path}: all are in it.`
        : `${added.length} added to ${path}: ${added.join(', ')}. Fill in the subscription of each.`,
    ),
  );
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
