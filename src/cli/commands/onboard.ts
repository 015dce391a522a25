import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { counted } from '../../base/counted.ts';
import { decodeText } from '../../base/decodeText.ts';
import { AppError } from '../../base/errors.ts';
import { readAssessment } from '../../app/assessmentFile.ts';
import type { Services } from '../../app/services.ts';
import { architectureAdvice } from '../../core/onboard/architectureAdvice.ts';
import { findComing } from '../../core/onboard/findComing.ts';
import { finishAll, prepareAll } from '../../core/onboard/onboardAll.ts';
import type { ManyOptions } from '../../core/onboard/onboardAll.ts';
import { namesIn } from '../../core/onboard/nameCustomer.ts';
import { onboardingSheet } from '../../core/onboard/onboardingSheet.ts';
import type { OnboardWorld } from '../../core/onboard/onboardWorld.ts';
import { readCustomersToCome } from '../../core/onboard/readCustomers.ts';
import type { Assessment } from '../../model/assessment/assessment.ts';
import type { OnboardingFile } from '../../model/onboarding.ts';
import { soundBaselineIfAny } from '../baselineFile.ts';
import { choiceOf, countOf, textOf, textsOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, readConnection } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import { customersPlaceAt } from '../../app/customersPlace.ts';
import { openOnboardFolder } from '../../app/onboardFolder.ts';
import { tellOutcomes } from '../onboardOut.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { formatOf } from '../planExports.ts';
import { withAgreed } from './onboardAgreed.ts';
import { exportOnboarding } from './onboardExport.ts';
import { acceptOffer } from './onboardOffer.ts';
import { confirm } from './workspaceAction.ts';

const FOLDER = join('.tenantscope', 'onboarding');

/** `tenantscope onboard`: customers to come, from access to data that arrive. */
export const ONBOARD: Command = {
  name: 'onboard',
  summary: 'takes on new customers: access, workspace, baseline, and whether data arrive',
  options: {
    file: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string', multiple: true },
    assessment: { type: 'string' },
    baseline: { type: 'string' },
    wait: { type: 'string' },
    plan: { type: 'boolean' },
    export: { type: 'string' },
    yes: { type: 'boolean' },
    format: { type: 'string' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
    subscription: { type: 'string' },
    name: { type: 'string' },
    ...CONNECTION_OPTIONS,
  },
  positionals: ['[offer]'],
  help: `Usage: tenantscope onboard --file customers-to-come.json [--plan] [--yes]
       tenantscope onboard offer --file customers-to-come.json --subscription ID

The file names an offer of Azure Lighthouse and the customers:
  { "offer": { "name": "Managed logs", "managedBy": "TENANT", "authorizations":
               [{ "principalId": "GUID", "name": "Operations", "role": "Log Analytics Contributor" }] },
    "names": { "workspace": "law-{customer}-{region}", "resourceGroup": "rg-{customer}-logs" },
    "defaults": { "region": "westeurope", "retentionDays": 90 },
    "customers": [{ "name": "Tailspin", "tenant": "GUID", "subscription": "GUID", "access": "lighthouse" }] }

Each customer has a folder of its own. Where we are not let in yet, it gets what its administrator has to do
(access.md, lighthouse-offer.json). Else it is looked at what may stand in the way (roles, resource providers, quotas,
region, policies, names of deleted workspaces, roles on data), and the plan is shown, with all that the baseline of the
repository (.tenantscope/baseline.json) agrees with the customer. After your word it is carried out: the workspace first,
then the customer is named in the customers file in use where that does not name it, then the baseline; and it is looked
whether data arrive. What of the baseline could not be shown before is shown and asked for then. Run it again at any
time, after a crash too: what is there already stays, and journal.jsonl tells what came before. What one customer meets
stops no other. A second process at the same customer is refused, with the number of the first.

"offer" accepts the offer for a subscription: by somebody of the customer's own tenant who is Owner there, no guest.

  --file FILE            the customers to come
  --out DIR              where their folders are (default: ${FOLDER})
  --only CUSTOMER        this customer alone, by its name or key; several times for several
  --assessment FILE      an assessment (assess --format json): whether it thinks of the architecture as the file does
  --baseline FILE        what is agreed (default: the nearest .tenantscope/baseline.json of this repository, where it has one)
  --wait MINUTES         so long data are waited for (default: one look)
  --plan                 show what would be done, and end
  --export FORMAT        writes it as onboarding.EXT into each customer's folder, and ends: arm, bicep, terraform, az,
                         powershell; for who is not let in yet the offer, for the customer's administrator
  --yes                  do it without asking
  --subscription ID      with "offer": where it is accepted
  --format FORMAT        text (default) or json: a list, for each customer customer, name, access, state, waitingFor, says,
                         notes, tables, folder and error. Exit code 4 has two causes, which waitingFor tells apart:
                         "customer" has to let us in, or "data" has not come yet
  --json                 the same as --format json
  --progress             what it is at, also where standard error is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action], terminal }) {
    if (action !== undefined && action !== 'offer')
      throw new AppError('input.usage', `"${action.slice(0, 40)}" is nothing that "onboard" does: only "offer".`);
    const file = await readFileOf(values, terminal);
    const azure = await openAzure(values, terminal);
    try {
      return await (action === 'offer'
        ? acceptOffer(file, azure, values, terminal)
        : onboard(file, azure, values, terminal));
    } finally {
      azure.dispose();
    }
  },
};

async function onboard(
  file: OnboardingFile & { readonly wrong: number },
  azure: Services,
  values: Values,
  terminal: Terminal,
): Promise<number> {
  const out = resolve(textOf(values, 'out') ?? FOLDER);
  const json = values['json'] === true || choiceOf(values, 'format', ['text', 'json'], 'text') === 'json';
  const told = { out, json, wrong: file.wrong };
  const folders = new Map(file.customers.map(({ key }) => [key, openOnboardFolder(join(out, key))]));
  const assessment = await assessmentOf(values);
  const options: ManyOptions = {
    ...(assessment ? { adviceOf: (customer) => architectureAdvice(customer, assessment) } : {}),
    folderOf: ({ key }) => folders.get(key)!,
    signal: terminal.signal,
    dataWithinMs: (countOf(values, 'wait', 0) ?? 0) * 60_000,
    report: ({ name }, message) => {
      const text = safeText(`${name}: ${message}`);
      if (terminal.errorIsScreen) terminal.status(text);
      else if (values['progress'] === true) terminal.say(text);
    },
  };
  try {
    const format = formatOf(values);
    const world = format === undefined ? await withRepository(azure, values, terminal) : azure.onboarding;
    const prepared = await prepareAll(file, world, options);
    terminal.status('');
    for (const { value } of prepared) if (value?.issuer) terminal.say(onboardingSheet(value));
    const planned = prepared.filter(({ state }) => state === 'planned');
    if (format !== undefined) {
      const baseline = await soundBaselineIfAny(values, terminal);
      await exportOnboarding(prepared, { format, file, baseline, azure, out, folderOf: options.folderOf, terminal });
      return await tellOutcomes(prepared, told, terminal);
    }
    if (values['plan'] === true || planned.length === 0) return await tellOutcomes(prepared, told, terminal);
    const changing = planned.filter(({ value }) =>
      [value?.plan, ...(value?.agreed?.plans ?? [])].some((plan) =>
        plan?.changes.some(({ action }) => action !== 'none'),
      ),
    );
    if (changing.length > 0)
      await confirm(`Do this for ${counted(changing.length, 'customer')}?`, { values, terminal });
    const finished = await finishAll(prepared, world, options);
    terminal.status('');
    return await tellOutcomes(finished, told, terminal);
  } finally {
    for (const folder of folders.values()) await folder.release();
  }
}

/** What onboarding stands on, with what the repository has: the customers file, and the baseline. */
async function withRepository(azure: Services, values: Values, terminal: Terminal): Promise<OnboardWorld> {
  const { customers, sampleCustomers } = await readConnection(values, process.env);
  const place = customers && !sampleCustomers ? customersPlaceAt(customers.label) : undefined;
  return withAgreed({ ...azure.onboarding, named: namesIn(place, azure.estate) }, azure, values, terminal);
}

async function assessmentOf(values: Values): Promise<Assessment | undefined> {
  const path = textOf(values, 'assessment');
  if (path === undefined) return undefined;
  const assessment = await readAssessment(path);
  if (!assessment)
    throw new AppError('input.file', `${path} is no assessment: make one with "tenantscope assess --format json".`);
  return assessment;
}

/** The file, with the customers that `--only` names. Its mistakes are told; an entry that has one is left out. */
async function readFileOf(values: Values, terminal: Terminal): Promise<OnboardingFile & { readonly wrong: number }> {
  const path = textOf(values, 'file');
  if (!path) throw new AppError('input.usage', '--file is missing. See "tenantscope onboard --help".');
  const text = await readFile(path).then(decodeText, (cause: unknown) => {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? 'does not exist: "tenantscope onboard --help" shows what is in one' : 'cannot be read';
    throw new AppError('input.file', `The file ${path} ${why}.`, { cause });
  });
  const file = readCustomersToCome(text);
  for (const { line, message } of file.problems) terminal.say(safeText(`${path}:${line}: ${message}`));
  const only = textsOf(values, 'only');
  const wanted = new Set(only.map((one) => findComing(one, file, path)));
  if (file.customers.length === 0 && file.offer === undefined)
    throw new AppError('input.file', `No customer in ${path} is without a mistake. Nothing was done.`);
  const customers = only.length > 0 ? file.customers.filter((one) => wanted.has(one)) : file.customers;
  return { ...file, customers, wrong: file.problems.length };
}
