import { env, window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { counted } from '../../base/counted.ts';
import type { AdminRequest } from '../../model/access.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { pickScope } from '../session/pickScope.ts';
import { showPartnerCustomers } from './partnerCustomers.ts';
import { RequestLenses } from './requestLenses.ts';

type Ids =
  | 'tenantscope.access.explain'
  | 'tenantscope.access.explainHere'
  | 'tenantscope.access.copyRequest'
  | 'tenantscope.access.showPartnerCustomers';

/** Who can read a workspace, by what, and what is not visible of that, as a document. */
export function registerAccess(app: App): CommandsOf<Ids> {
  const lenses = new RequestLenses(app.store);
  let latest: readonly AdminRequest[] = [];
  const explain = async (scope: Scope): Promise<void> => {
    const { markdown, requests } = await withCancellableProgress('Looking who can read', (_report, signal) =>
      app.worker.request('access.explain', { scope }, { signal }),
    );
    latest = requests;
    lenses.add(await app.documents.showMarkdown('Access.md', markdown), requests);
    if (requests.length === 0) return;
    const [only] = requests;
    app.notify.info(
      requests.length === 1
        ? `An administrator of ${only!.customerName} has something to do. What it is stands at the end of the document.`
        : `Administrators of ${counted(requests.length, 'customer')} have something to do. What it is stands at the end of the document.`,
      { title: 'Copy Text for the Administrator', command: 'tenantscope.access.copyRequest' },
    );
  };
  return {
    'tenantscope.access.explain': async () => {
      const estate = app.estate.estate ?? (await app.estate.load(false));
      const scope = await pickScope(estate, { include: [], except: [] });
      if (scope) await explain(scope);
    },
    'tenantscope.access.explainHere': (node) => explain(scopeOf(node)),
    'tenantscope.access.showPartnerCustomers': () => showPartnerCustomers(app, explain),
    'tenantscope.access.copyRequest': async (customer) => {
      const request = latest.find((one) => one.customer === customer) ?? (await pickRequest(latest));
      if (request) await env.clipboard.writeText(request.text);
    },
  };
}

/** Whose text is meant: asked only where there are several. */
async function pickRequest(requests: readonly AdminRequest[]): Promise<AdminRequest | undefined> {
  const [first, second] = requests;
  if (!first)
    throw new AppError(
      'input.nothingToSend',
      'No administrator has anything to do, as far as is known. Explain Access looks it up.',
    );
  if (!second) return first;
  const chosen = await window.showQuickPick(
    requests.map((request) => ({
      label: plainLabel(request.customerName),
      ...(request.contact === undefined ? {} : { description: plainLabel(request.contact) }),
      request,
    })),
    { title: 'Copy Text for the Administrator', placeHolder: 'Of which customer' },
  );
  return chosen?.request;
}

/** What an entry of the tree tells, by shape: features do not know one another's types. */
interface NodeShape {
  readonly kind?: unknown;
  readonly workspace?: { readonly armId?: unknown };
  readonly customer?: { readonly key?: unknown };
  readonly tenant?: { readonly id?: unknown };
}

function scopeOf(node: unknown): Scope {
  const { kind, workspace, customer, tenant } = (node ?? {}) as NodeShape;
  if (typeof workspace?.armId === 'string')
    return { include: [{ kind: 'workspace', value: workspace.armId }], except: [] };
  if (kind === 'customer' && typeof customer?.key === 'string')
    return { include: [{ kind: 'customer', value: customer.key }], except: [] };
  // The reason below a tenant that nobody entered stands for the tenant, too.
  if (typeof tenant?.id === 'string') return { include: [{ kind: 'tenant', value: tenant.id }], except: [] };
  throw new AppError('input.noNode', 'Choose this command on a customer, tenant or workspace of the Estate view.');
}
