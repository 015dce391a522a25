import type { LogAnalyticsCentre } from '../../model/centre.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Column } from '../../model/kqlType.ts';
import { centreNames, functionId, ruleId, storedNames, storedRows } from '../../model/logAnalyticsCentre.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { RollupTable } from '../../model/rollup.ts';
import { answerQuery, rowsOnceQuery } from '../../ports/appendQuestions.ts';
import { RECORD_COLUMNS, WRITE_COLUMNS } from '../../ports/appendTarget.ts';
import type { StreamColumn } from '../../ports/centre.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { Draft } from '../changes/makePlan.ts';
import type { WantedQuery } from '../queryPacks/savedQueryHandler.ts';
import type { CollectionRuleWanted } from './collectionRuleHandler.ts';
import type { CustomTableWanted } from './customTableHandler.ts';
import { METRICS_PUBLISHER } from './roleAssignmentHandler.ts';
import type { CentreWriter, RoleAssignmentWanted } from './roleAssignmentHandler.ts';

/** Where a roll-up is to be stored, and by whom. */
export interface CentrePlace {
  readonly centre: LogAnalyticsCentre;
  /** The region of the centre's workspace, where its rule has to be. */
  readonly region: string;
  /** The tenant of the centre's subscription, and whose token prepares it. */
  readonly owner: TenantId;
  readonly issuer: Issuer;
  /** Absent where nobody is given a role. */
  readonly writer?: CentreWriter;
  /** A new GUID. */
  readonly newId: () => string;
}

/** Rows get the time at which they come: that of their own is a column of its own. */
const TRANSFORM = 'source | extend TimeGenerated = now()';
const TIME: StreamColumn = { name: 'TimeGenerated', type: 'datetime' };

/** The draft of preparing a centre for one roll-up. */
export function draftCentre(table: RollupTable, place: CentrePlace): Draft {
  const { centre, issuer, owner } = place;
  const workspace = workspaceName(centre);
  return {
    title: `Prepare ${centre.name} (workspace ${workspace}) for roll-up ${table.name}`,
    issuer,
    owner,
    intents: centreIntents(table, place),
    warnings: place.writer
      ? []
      : ['No role is given: who runs the roll-up needs Monitoring Metrics Publisher on the rule.'],
  };
}

/**
 * Everything a roll-up needs in a Log Analytics workspace, in its order: its tables of rows and of windows, the rule
 * that takes both, the role of who writes, and the function that gives each row once.
 */
export function centreIntents(table: RollupTable, place: CentrePlace): readonly Intent[] {
  const { centre, region, owner, issuer, writer, newId } = place;
  const { workspace } = centre;
  const names = centreNames(table.id);
  const called = workspaceName(centre);
  const rows = [...WRITE_COLUMNS, ...ROLLUP_COLUMNS, ...table.columns];
  const tables = [
    [names.rows, rows],
    [names.windows, RECORD_COLUMNS],
  ] as const;
  const wantTables = tables.map(([name, columns]): Intent<CustomTableWanted> => ({
    id: `table ${name}`,
    resource: 'customTable',
    target: `${workspace}/tables/${name}`,
    wanted: { name, workspace: called, columns: [TIME, ...stored(columns)] },
  }));
  const after = wantTables.map(({ id }) => id);
  const rule: Intent<CollectionRuleWanted> = {
    id: `rule ${names.rule}`,
    resource: 'dataCollectionRule',
    target: ruleId(workspace, names.rule),
    after,
    wanted: {
      name: names.rule,
      workspaceName: called,
      region,
      workspace,
      streams: tables.map(([name, columns]) => ({
        stream: `Custom-${name}`,
        columns: stored(columns),
        output: `Custom-${name}`,
        transform: TRANSFORM,
      })),
    },
  };
  const role = (who: CentreWriter): Intent<RoleAssignmentWanted> => ({
    id: `role of ${who.principalId}`,
    resource: 'roleAssignment',
    target: `${rule.target}/providers/Microsoft.Authorization/roleAssignments/${newId()}`,
    after: [rule.id],
    wanted: {
      scope: rule.target,
      scopeName: `data collection rule ${names.rule}`,
      role: METRICS_PUBLISHER,
      writer: who,
      owner,
      issuer: issuer.tenant,
    },
  });
  return [...wantTables, rule, ...(writer ? [role(writer)] : []), ...functions(table, centre, after)];
}

/** The function of the stored rows, and where an answer is made of them that of the answer. */
function functions(table: RollupTable, centre: LogAnalyticsCentre, after: readonly string[]): Intent<WantedQuery>[] {
  const names = centreNames(table.id);
  const columns = [...WRITE_COLUMNS, ...ROLLUP_COLUMNS, ...table.columns];
  const once = rowsOnceQuery(storedRows(names.rows, columns), storedRows(names.windows, RECORD_COLUMNS), table);
  const query = (name: string, text: string, description: string, needs: readonly string[]): Intent<WantedQuery> => ({
    id: `function ${name}`,
    resource: 'savedQuery',
    target: functionId(centre.workspace, name),
    after: needs,
    wanted: {
      name,
      text,
      description,
      category: 'Tenantscope roll-ups',
      tags: [],
      functionAlias: name,
      place: `workspace ${workspaceName(centre)}`,
    },
  });
  const stated = `// Made for ${names.rows} and ${names.windows} by Tenantscope: asked for once more it is written anew.\n`;
  if (table.view === undefined) return [query(table.name, `${stated}${once}`, 'Rows of a roll-up, each once.', after)];
  const parts = `${table.name}_parts`;
  const makeParts = query(parts, `${stated}${once}`, 'Stored parts of a roll-up, each once.', after);
  return [
    makeParts,
    query(table.name, `${stated}${answerQuery(parts, table)}`, 'The answer of a roll-up.', [makeParts.id]),
  ];
}

function stored(columns: readonly Column[]): readonly StreamColumn[] {
  return storedNames(columns).map((name) => ({ name, type: 'string' }));
}

function workspaceName({ workspace }: LogAnalyticsCentre): string {
  return workspace.slice(workspace.lastIndexOf('/') + 1);
}
