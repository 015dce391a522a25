import { AppError } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { Draft } from '../changes/makePlan.ts';
import { planSubjects } from '../provision/whose.ts';
import { foreignNames } from '../runs/foreignNames.ts';
import { asKept } from './asKept.ts';
import type { WantedQuery } from './savedQueryHandler.ts';
import { oneLine } from './toQueryFile.ts';
import { withoutFunction } from './withoutFunction.ts';

/** Where queries are exported to, and what is kept there. */
export interface ExportPlace {
  readonly workspace: Workspace;
  /** A query pack of the workspace's subscription; absent for the workspace's saved searches. */
  readonly pack?: QueryPack;
  readonly issuer: Issuer;
  readonly existing: readonly SavedQuery[];
  /** A new GUID. */
  readonly newId: () => string;
}

/** What queries are kept there for, where that is not their export. */
export interface ExportReason {
  readonly title: string;
  /** Whose they are about, and who is to read them: of anybody else they say nothing. */
  readonly customer: { readonly key: CustomerKey; readonly name: string };
  readonly warnings: readonly string[];
}

/** Most queries of one export: each is a request of its own, and a plan that nobody reads is none. */
const MOST = 200;

/**
 * The draft of keeping queries in a workspace or query pack: one that is there under the same name is changed, others
 * are new. What is there beside them stays. Throws `input.queries` where two are called the same, or for too many.
 */
export function draftExport(
  estate: Estate,
  place: ExportPlace,
  wanted: readonly SavedQueryBody[],
  reason?: ExportReason,
): Draft {
  const { workspace, pack, issuer, existing } = place;
  const to = pack ? `query pack ${pack.name}` : `workspace ${workspace.name}`;
  const queries = pack ? wanted.map(withoutFunction) : wanted;
  if (queries.length > MOST)
    throw new AppError('input.queries', `These are ${queries.length} queries; at most ${MOST} are exported at once.`);
  const names = queries.map(({ name }) => name.toLowerCase());
  const twice = queries.find(({ name }, i) => names.indexOf(name.toLowerCase()) !== i);
  if (twice)
    throw new AppError(
      'input.queries',
      `Two of the queries are called "${twice.name}", and in ${to} a name is one query's. Give one of them another @name.`,
    );
  const taken = new Set(existing.map(({ armId }) => armId.toLowerCase()));
  const intents = queries.map((body, i): Intent<WantedQuery> => {
    const known = existing.find(({ name }) => oneLine(name).toLowerCase() === body.name.toLowerCase());
    const target = known?.armId ?? freeId(place, body.name, taken);
    taken.add(target.toLowerCase());
    return {
      id: `query${i + 1}`,
      resource: 'savedQuery',
      target,
      wanted: { ...(known ? asKept(known, body) : body), place: to },
    };
  });
  return {
    title:
      reason?.title ??
      `Export ${queries.length === 1 ? `query ${queries[0]!.name}` : `${queries.length} queries`} to ${to}`,
    issuer,
    owner: workspace.tenant,
    intents,
    about: [
      ...planSubjects(estate, { ...workspace, account: issuer.account, issuer: issuer.tenant, workspace }).map((one) =>
        reason && one.what === 'Customer' ? { ...one, name: reason.customer.name } : one,
      ),
      ...(pack ? [{ what: 'Query pack', name: pack.name, id: pack.armId, main: true as const }] : []),
    ],
    warnings: [
      ...(reason?.warnings ?? []),
      ...confidences(estate, reason?.customer.key ?? workspace.customer, queries, to),
      ...(pack ? lostFunctions(wanted) : []),
    ],
  };
}

/**
 * The ARM id of a new one: a GUID in a query pack, which takes nothing else, and the words of its name in a workspace.
 */
function freeId({ workspace, pack, newId }: ExportPlace, name: string, taken: ReadonlySet<string>): string {
  if (pack) return `${pack.armId}/queries/${newId()}`;
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  const id = `${workspace.armId}/savedSearches/${words || newId()}`;
  return taken.has(id.toLowerCase()) ? `${id}-${newId().slice(0, 8)}` : id;
}

function lostFunctions(queries: readonly SavedQueryBody[]): readonly string[] {
  return queries.flatMap(({ name, functionAlias }) =>
    functionAlias === undefined
      ? []
      : [`A query pack keeps no functions: "${name}" is a query there, not ${functionAlias}(), with its defaults.`],
  );
}

/** Whoever may read the place reads the queries: those that tell of somebody else are named. */
function confidences(
  estate: Estate,
  reader: CustomerKey,
  queries: readonly SavedQueryBody[],
  to: string,
): readonly string[] {
  const tells = foreignNames(estate, new Set([reader]));
  const telling = queries.filter(
    ({ name, text, description = '', category = '', tags, functionAlias = '', functionParameters = '' }) =>
      [name, text, description, category, functionAlias, functionParameters, ...tags].some(tells),
  );
  if (telling.length === 0) return [];
  const names = telling
    .slice(0, 5)
    .map(({ name }) => `"${name}"`)
    .join(', ');
  return [
    `${names}${telling.length > 5 ? ` and ${telling.length - 5} more` : ''}: the text names another customer, or something of one. Everybody who may read ${to} would read it.`,
  ];
}
