import type { AppErrorData } from '../../base/errors.ts';
import type { DiagnosticSetting, ExportRule, Fact, FactSource, WorkspaceFacts } from '../../model/assessment/facts.ts';
import type { TenantId } from '../../model/ids.ts';
import { attributionQuery } from './facts/attribution.ts';
import { sourcesQuery } from './facts/sources.ts';
import type { SharedIndex, SharedPart } from './sharedIndex.ts';

/** Whose copy of a shared workspace it is: what may stand in it by name. */
export interface CutFor {
  /** What of it is this customer's. */
  readonly part: SharedPart;
  readonly volumes: SharedIndex['volumes'];
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
  const names = [...new Set(whose.part.rows.map(({ table }) => table))].sort();
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
    usage: withValue(bare(facts.usage), ({ days, last }) => ({
      days,
      volumes: [...whose.volumes].flatMap(([table, volumes]) => (ours.has(table) ? volumes : [])),
      last: Object.fromEntries(Object.entries(last).filter(([table]) => isOurs(table))),
    })),
    agents: withValue(bare(facts.agents), () => whose.part.agents),
    attribution: withValue(bare(facts.attribution, ofOurs(attributionQuery, facts.attribution)), () => whose.part.rows),
    sources: withValue(bare(facts.sources, ofOurs(sourcesQuery, facts.sources)), () =>
      whose.part.sources.filter(({ table }) => isOurs(table)),
    ),
    operations: bare(facts.operations),
    audit: withValue(bare(facts.audit), ({ askers }) => ({
      askers: askers.filter(({ tenant }) => whose.tenants.has(tenant as TenantId)),
    })),
  };
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
