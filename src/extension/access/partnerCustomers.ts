import { QuickPickItemKind, Range, Uri, commands, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { decodeText } from '../../base/decodeText.ts';
import { AppError } from '../../base/errors.ts';
import { relationshipWords } from '../../core/access/relationshipWords.ts';
import type { CspCustomer, CspCustomers } from '../../model/cspCustomer.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withCancellableProgress } from '../platform/progress.ts';

/** Takes a customer to come by the hand, where this version has it. */
const ONBOARD = 'tenantscope.onboardCustomer';
const TO_COME = ['.tenantscope', 'customers-to-come.json'] as const;

/** The customers of the partner, those that are not onboarded first; what is missing for one, and how it goes on. */
export async function showPartnerCustomers(app: App, explain: (scope: Scope) => Promise<void>): Promise<void> {
  const baseline = await readBaseline();
  const found = await withCancellableProgress('Asking Microsoft Graph for customers', (_report, signal) =>
    app.worker.request('access.partnerCustomers', baseline ? { baseline } : {}, { signal }),
  );
  const [problem] = found.problems;
  if (found.customers.length === 0)
    throw new AppError(
      'access.noPartner',
      problem?.error.message ??
        'None of your accounts is at home in the tenant of a Microsoft partner, or the partner has no customers yet.',
    );
  const chosen = await window.showQuickPick(itemsOf(found), {
    title: titleOf(found),
    placeHolder: 'Choose one to see what is missing and to go on with it',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!chosen) return;
  if (!chosen.customer) await app.documents.showMarkdown('Partner customers.md', found.markdown);
  else if (await goOn(app, chosen.customer, explain))
    await app.documents.showMarkdown('Partner customers.md', found.markdown);
}

type Item = QuickPickItem & { readonly customer?: CspCustomer };

function titleOf({ customers, problems }: CspCustomers): string {
  const open = customers.filter(({ onboarded }) => !onboarded).length;
  const partly = problems.length > 0 ? ' (not all could be asked)' : '';
  return `Partner customers: ${open} of ${customers.length} not onboarded${partly}`;
}

function itemsOf({ customers }: CspCustomers): readonly Item[] {
  const items = (heading: string, some: readonly CspCustomer[]): readonly Item[] =>
    some.length === 0
      ? []
      : [
          { label: heading, kind: QuickPickItemKind.Separator },
          ...some.map((customer) => ({
            label: plainLabel(customer.name),
            description: plainLabel(`${customer.domain} · admin relationship: ${relationshipWords(customer)}`),
            ...(customer.lacks.length > 0 ? { detail: `Lacks ${customer.lacks.join(', ')}` } : {}),
            customer,
          })),
        ];
  return [
    { label: '$(markdown) All of Them as a Document' },
    ...items(
      'Not onboarded',
      customers.filter(({ onboarded }) => !onboarded),
    ),
    ...items(
      'Onboarded',
      customers.filter(({ onboarded }) => onboarded),
    ),
  ];
}

/** How it goes on with one; true where somebody wants to read what is missing. */
async function goOn(app: App, customer: CspCustomer, explain: (scope: Scope) => Promise<void>): Promise<boolean> {
  const { name, missing, lacks, tenant, onboarded } = customer;
  const onboard = {
    label: '$(add) Onboard',
    detail: `Writes it into ${TO_COME.join('/')}, where its subscription is filled in`,
  };
  const access = { label: '$(key) Explain Access', detail: 'Who can read its workspaces, and what is not visible' };
  const chosen = await window.showQuickPick<QuickPickItem>(
    [
      ...(onboarded ? [] : [onboard]),
      ...(customer.customer === undefined ? [] : [access]),
      ...(missing.length > 0 ? [{ label: 'Missing', kind: QuickPickItemKind.Separator }] : []),
      ...missing.map((sentence, at) => ({ label: `$(circle-outline) ${lacks[at]!}`, detail: plainLabel(sentence) })),
    ],
    { title: plainLabel(name), placeHolder: missing.length > 0 ? 'What is missing, and how to go on' : 'How to go on' },
  );
  if (chosen === onboard) await writeToCome(app, customer);
  else if (chosen === access) await explain({ include: [{ kind: 'tenant', value: tenant }], except: [] });
  else return chosen !== undefined;
  return false;
}

/** Writes the entry and opens it; the wizard takes over where there is one. */
async function writeToCome(app: App, customer: CspCustomer): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder)
    throw new AppError('input.noFolder', 'Open a folder first: customers to come are written into a file of it.');
  const uri = Uri.joinPath(folder.uri, ...TO_COME);
  const before = await workspace.fs.readFile(uri).then(decodeText, () => undefined);
  const { text, added, line } = await app.worker.request('access.addToCome', {
    ...(before === undefined ? {} : { text: before }),
    customers: [customer],
  });
  if (added.length > 0) await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  if ((await commands.getCommands(true)).includes(ONBOARD)) {
    await commands.executeCommand(ONBOARD, { tenant: customer.tenant });
    return;
  }
  const selection = new Range(line - 1, 0, line - 1, 0);
  await window.showTextDocument(await workspace.openTextDocument(uri), { selection });
}

async function readBaseline(): Promise<{ readonly label: string; readonly text: string } | undefined> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder || !workspace.isTrusted) return undefined;
  const uri = Uri.joinPath(folder.uri, '.tenantscope', 'baseline.json');
  const text = await workspace.fs.readFile(uri).then(decodeText, () => undefined);
  return text === undefined ? undefined : { label: uri.fsPath, text };
}
