import type { AppErrorData } from '../../base/errors.ts';
import type {
  AgentFact,
  AttributionRow,
  DiagnosticSetting,
  ExportRule,
  Fact,
  FactSource,
  WorkspaceFacts,
} from '../../model/assessment/facts.ts';
import type { TenantId } from '../../model/ids.ts';
import { attributionQuery } from './facts/attribution.ts';
import { sourcesQuery } from './facts/sources.ts';
import { subscriptionOf } from './facts/agents.ts';

/** Whose copy of a shared workspace it is: what may stand in it by name. */
export interface CutFor {
  /** Rows of this customer. */
  readonly rows: readonly AttributionRow[];
  /** Whether a subscription and a domain, lower case, are this customer's. */
  readonly owns: (named: { readonly subscription: string; readonly domain: string }) => boolean;
  /** Whether a resource may be named: it is this customer's or the provider's. */
  readonly mayName: (armId: string) => boolean;
  /** Tenants of this customer and of the provider. */
  readonly tenants: ReadonlySet<TenantId>;
}

/**
 * The facts of a provider's workspace as one customer may see them: its own rows, computers and tables, and of
 * everybody else counts alone. Nobody's names are left in rows, queries, errors, settings or tags.
 */
export function cutShared(facts: WorkspaceFacts, whose: CutFor): WorkspaceFacts {
  const { workspace } = facts;
  const names = [...new Set(whose.rows.map(({ table }) => table))].sort();
  const ours = new Set(names.map((name) => name.toLowerCase()));
  const isOurs = (table: string): boolean => ours.has(table.toLowerCase());
  const bare = <V>(fact: Fact<V>, source: FactSource = fact.source): Fact<V> => {
    const { leftOut: _leftOut, ...rest } = fact;
    return rest.state === 'known' ? { ...rest, source } : { ...rest, source, error: bareError(rest.error) };
  };
  const query = (text: string, timespan: string): FactSource => ({
    kind: 'query',
    workspace: workspace.key,
    query: text,
    timespan,
  });
  const ofOurs = (make: typeof attributionQuery, fact: Fact<unknown>): FactSource =>
    fact.source.kind === 'query' ? query(make(names), 'P1D') : fact.source;
  return {
    ...facts,
    workspace: { ...workspace, tags: {} },
    configuration: bare(facts.configuration),
    tables: withValue(bare(facts.tables), (all) => all.filter(({ name }) => isOurs(name))),
    diagnostics: withValue(bare(facts.diagnostics), (all) => all.map((setting) => cutSetting(setting, whose))),
    exports: withValue(bare(facts.exports), (all) => all.flatMap((rule) => cutExport(rule, isOurs, whose))),
    usage: withValue(bare(facts.usage), ({ days, volumes, last }) => ({
      days,
      volumes: volumes.filter(({ table }) => isOurs(table)),
      last: Object.fromEntries(Object.entries(last).filter(([table]) => isOurs(table))),
    })),
    agents: withValue(bare(facts.agents), (all) => all.filter((agent) => whose.owns(placeOf(agent)))),
    attribution: withValue(bare(facts.attribution, ofOurs(attributionQuery, facts.attribution)), () => whose.rows),
    sources: withValue(bare(facts.sources, ofOurs(sourcesQuery, facts.sources)), (all) =>
      all.filter(({ source, table }) => isOurs(table) && whose.owns(placeOfSource(source))),
    ),
    operations: bare(facts.operations),
    audit: withValue(bare(facts.audit), ({ askers }) => ({
      askers: askers.filter(({ tenant }) => whose.tenants.has(tenant as TenantId)),
    })),
  };
}

/** What tells whose a computer is. */
export function placeOf(agent: AgentFact): { readonly subscription: string; readonly domain: string } {
  return { subscription: agent.subscription || subscriptionOf(agent.resourceId), domain: domainOf(agent.computer) };
}

/** What tells whose a source (a resource id or a computer) is. */
export function placeOfSource(source: string): { readonly subscription: string; readonly domain: string } {
  return source.startsWith('/')
    ? { subscription: subscriptionOf(source), domain: '' }
    : { subscription: '', domain: domainOf(source) };
}

/** What follows the first dot, where it is no address. */
function domainOf(computer: string): string {
  return /^[^.]*\.(.*[a-z].*)$/i.exec(computer)?.[1]?.toLowerCase() ?? '';
}

/** A name is free text, and may say who it is for. */
function cutSetting({ categories, workspace, storage, eventHub }: DiagnosticSetting, whose: CutFor): DiagnosticSetting {
  return {
    name: '',
    categories,
    ...(workspace !== undefined && whose.mayName(workspace) ? { workspace } : {}),
    ...(storage !== undefined && whose.mayName(storage) ? { storage } : {}),
    ...(eventHub !== undefined && whose.mayName(eventHub) ? { eventHub } : {}),
  };
}

/** A rule that exports tables with rows of this customer; a destination of others is left empty. */
function cutExport(rule: ExportRule, isOurs: (table: string) => boolean, { mayName }: CutFor): readonly ExportRule[] {
  const tables = rule.tables.filter(isOurs);
  if (tables.length === 0) return [];
  const { destination, enabled } = rule;
  return [{ name: '', tables, destination: mayName(destination) ? destination : '', enabled }];
}

/** An error of a shared workspace may name tables and people of others: what is left is what kind of trouble it was. */
function bareError({ code, retryable }: AppErrorData): AppErrorData {
  return { code, message: "This could not be read in the provider's workspace.", retryable };
}

function withValue<V>(fact: Fact<V>, change: (value: V) => V): Fact<V> {
  return fact.state === 'known' ? { ...fact, value: change(fact.value) } : fact;
}
