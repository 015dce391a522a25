import type { CollectionRuleNow, RoleAssignmentNow, StreamColumn, TableNow } from '../../../ports/centre.ts';
import { toList, toObject, toText } from '../assess/wire.ts';

/** A table of Resource Manager; its own columns only, those that every table has are left out. */
export function toTable(wire: unknown): TableNow {
  const { name, properties } = toObject(wire);
  const { plan, provisioningState, schema } = toObject(properties);
  const { columns, tableSubType } = toObject(schema);
  return {
    name: toText(name),
    plan: toText(plan),
    subType: toText(tableSubType),
    provisioningState: toText(provisioningState),
    columns: toColumns(columns),
  };
}

/** Names of a list of tables. */
export function toTableNames(wire: unknown): readonly string[] {
  return toList(toObject(wire)['value']).map((table) => toText(toObject(table)['name']));
}

/** A data collection rule of Resource Manager. */
export function toRule(wire: unknown): CollectionRuleNow {
  const { name, location, kind, properties } = toObject(wire);
  const { immutableId, endpoints, destinations, dataFlows, streamDeclarations, provisioningState } =
    toObject(properties);
  const declared = toObject(streamDeclarations);
  const workspaces = toList(toObject(destinations)['logAnalytics']).map((one) =>
    toText(toObject(one)['workspaceResourceId']),
  );
  const endpoint = toText(toObject(endpoints)['logsIngestion']);
  return {
    name: toText(name),
    region: toText(location),
    kind: toText(kind),
    immutableId: toText(immutableId),
    ...(endpoint === '' ? {} : { endpoint }),
    ...(workspaces.length === 1 ? { workspace: workspaces[0]! } : {}),
    streams: toList(dataFlows)
      .map(toObject)
      .flatMap(({ streams, transformKql, outputStream }) =>
        toList(streams).map((one) => {
          const stream = toText(one);
          return {
            stream,
            columns: toColumns(toObject(declared[stream])['columns']),
            output: toText(outputStream) || stream,
            transform: toText(transformKql) || 'source',
          };
        }),
      ),
    provisioningState: toText(provisioningState),
  };
}

/** A list of role assignments; ids of roles without what stands before them. */
export function toAssignments(wire: unknown): readonly RoleAssignmentNow[] {
  return toList(toObject(wire)['value'])
    .map(toObject)
    .map(({ id, properties }) => {
      const { roleDefinitionId, principalId, condition } = toObject(properties);
      const role = toText(roleDefinitionId);
      return {
        armId: toText(id),
        roleId: role.slice(role.lastIndexOf('/') + 1),
        principalId: toText(principalId),
        ...(toText(condition) === '' ? {} : { condition: toText(condition) }),
      };
    });
}

function toColumns(wire: unknown): readonly StreamColumn[] {
  return toList(wire)
    .map(toObject)
    .map(({ name, type }) => ({ name: toText(name), type: toText(type) }));
}
