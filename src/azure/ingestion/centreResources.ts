import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { LogAnalyticsCentre } from '../../model/centre.ts';
import { KQL_TYPES } from '../../model/kqlType.ts';
import type { Column } from '../../model/kqlType.ts';
import { centreNames, functionId, ruleId, storedNames } from '../../model/logAnalyticsCentre.ts';
import type { RollupTable, SchemaDiff } from '../../model/rollup.ts';
import { RECORD_COLUMNS } from '../../ports/appendTarget.ts';
import type { CentrePort, CollectionRuleNow, TableNow } from '../../ports/centre.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import { isIngestionHost } from './ingestionHost.ts';
import { foreignOrigin } from '../errors/foreignOrigin.ts';
import type { Cloud } from '../../model/cloud.ts';

interface Ends {
  readonly clients: { readonly cloud: Cloud };
  readonly resources: Pick<CentrePort, 'table' | 'collectionRule'>;
  readonly savedQueries: Pick<SavedQueriesPort, 'query'>;
}

/** A rule that takes rows, with where it takes them. */
export type OpenRule = CollectionRuleNow & { readonly endpoint: string };

/** The tables, the rule and the function of a centre in Log Analytics, as Resource Manager has them. */
export class CentreResources {
  private readonly centre: LogAnalyticsCentre;
  private readonly issuer: Issuer;
  private readonly ends: Ends;
  private readonly rules = new Map<string, Promise<OpenRule>>();

  constructor(centre: LogAnalyticsCentre, issuer: Issuer, ends: Ends) {
    this.centre = centre;
    this.issuer = issuer;
    this.ends = ends;
  }

  /**
   * Whether everything is there that a roll-up is stored with. Rejects with `input.centreNotPrepared` where something
   * is missing, and with `input.rollupSchema` where a column is there with another type.
   */
  async check(table: RollupTable, columns: readonly Column[]): Promise<SchemaDiff> {
    const { workspace } = this.centre;
    const names = centreNames(table.id);
    const at = (name: string): Promise<TableNow | undefined> =>
      this.ends.resources.table(this.issuer, `${workspace}/tables/${name}`);
    const [rows, windows] = [await at(names.rows), await at(names.windows)];
    for (const [name, there, wanted] of [
      [names.rows, rows, columns],
      [names.windows, windows, RECORD_COLUMNS],
    ] as const) {
      if (!there) throw this.notPrepared(table, `the table ${name} is missing`);
      checkColumns(table.name, there, wanted);
      const has = new Set(there.columns.map((column) => column.name));
      const missing = wanted.find((_, i) => !has.has(storedNames(wanted)[i]!));
      if (missing) throw this.notPrepared(table, `the table ${name} has no room for the column ${missing.name}`);
    }
    this.rules.delete(table.id);
    const rule = await this.rule(table.id);
    for (const [stream, wanted] of [
      [names.rowsStream, columns],
      [names.windowsStream, RECORD_COLUMNS],
    ] as const) {
      const declared = new Set(rule.streams.find((one) => one.stream === stream)?.columns.map((column) => column.name));
      if (!storedNames(wanted).every((name) => declared.has(name)))
        throw this.notPrepared(table, `the rule ${rule.name} does not know all columns of ${stream}`);
    }
    const kept = await this.ends.savedQueries.query(this.issuer, functionId(workspace, table.name));
    // Of another version of the roll-up the function gives other rows than these.
    if (kept?.functionAlias === undefined || !kept.text.includes(`${names.rows} `))
      throw this.notPrepared(table, `the function ${table.name} is missing, or of another version`);
    return { isNew: false, added: [], changed: [] };
  }

  /** The rule of a roll-up, looked up once. Rejects with `input.centreNotPrepared` or `network.foreignOrigin`. */
  rule(rollup: string, signal?: CancelSignal): Promise<OpenRule> {
    let rule = this.rules.get(rollup);
    if (!rule) {
      this.rules.set(rollup, (rule = this.findRule(rollup, signal)));
      rule.catch(() => this.rules.delete(rollup));
    }
    return rule;
  }

  private async findRule(rollup: string, signal?: CancelSignal): Promise<OpenRule> {
    const { workspace } = this.centre;
    const { rule: name } = centreNames(rollup);
    const of = { name: rollup.replace(/-[\da-f]{8}$/, '') };
    const rule = await this.ends.resources.collectionRule(this.issuer, ruleId(workspace, name), signal);
    if (!rule) throw this.notPrepared(of, `the data collection rule ${name} is missing`);
    const { endpoint } = rule;
    if (rule.kind.toLowerCase() !== 'direct' || endpoint === undefined)
      throw this.notPrepared(
        of,
        `the data collection rule ${name} was not made as Direct, so nothing can be sent to it`,
      );
    // Rows would go wherever the rule sends them.
    if (rule.workspace?.toLowerCase() !== workspace.toLowerCase())
      throw this.notPrepared(of, `the data collection rule ${name} writes into another workspace`);
    const { cloud } = this.ends.clients;
    if (!isIngestionHost(endpoint, cloud)) throw foreignOrigin(endpoint, cloud.resourceManager);
    return { ...rule, endpoint };
  }

  private notPrepared({ name }: Pick<RollupTable, 'name'>, what: string): AppError {
    return new AppError(
      'input.centreNotPrepared',
      `The centre ${this.centre.name} is not ready for ${name}: ${what}. Run "tenantscope rollup prepare ${name}".`,
    );
  }
}

/** What a column is stored as says its type: one that is there with another is no other column. */
function checkColumns(rollup: string, there: TableNow, wanted: readonly Column[]): void {
  const has = new Set(there.columns.map(({ name }) => name));
  for (const [i, column] of wanted.entries()) {
    const own = storedNames(wanted)[i]!;
    if (has.has(own)) continue;
    const was = KQL_TYPES.find((type) => has.has(`${own.slice(0, -column.type.length)}${type}`));
    if (was)
      throw new AppError(
        'input.rollupSchema',
        `${rollup} stores ${column.name} as ${was}, and would have it as ${column.type} now. Give the column another name.`,
      );
  }
}
