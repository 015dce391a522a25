import { AppError } from '../../base/errors.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { choosePath } from '../../core/estate/path.ts';
import { resolveScope } from '../../core/estate/scope.ts';
import { findScopeLine, printScopeLine } from '../../kql/scopeLine.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import { codeBlock } from '../../base/markdown.ts';

/**
 * The scope of one workspace as people write it, `workspace:Contoso/law-prod`; by its resource ID where that, written
 * down and read again, does not mean this one alone.
 */
export function scopeOfOne(workspace: Workspace, estate: Estate): Scope {
  const friendly = `${EstateIndex.of(estate).customerName(workspace.customer)}/${workspace.name}`;
  const scopes = [friendly, workspace.armId].map((value): Scope => ({
    include: [{ kind: 'workspace', value }],
    except: [],
  }));
  const found = scopes.find((scope) => {
    const read = findScopeLine(printScopeLine(scope))?.scope;
    const { workspaces, problems } = read ? resolveScope(read, estate) : { workspaces: [], problems: [] };
    return problems.length === 0 && workspaces.length === 1 && workspaces[0]!.key === workspace.key;
  });
  return found ?? scopes[1]!;
}

/** The query below its scope line: the first such line of a text is the one that counts, never the query's own. */
export function queryDocument(query: string, scope: Scope): string {
  return `${printScopeLine(scope)}\n\n${query}`;
}

/** `P14D`, as facts are asked of: the time picker's range. */
export function timeRangeOf(timespan: string): TimeRange {
  const days = /^P(\d{1,4})D$/.exec(timespan)?.[1];
  return days === undefined ? { kind: 'inQuery' } : { kind: 'last', minutes: Number(days) * 1440 };
}

/** A query of Resource Graph, and where to paste it. */
export function graphDocument(query: string): string {
  return `# Resource Graph query\n\nPaste it into the Resource Graph Explorer of the portal, or \`az graph query -q\`:\n\n${codeBlock(query, 'kusto')}\n`;
}

/** A call of Resource Manager as a command that a shell takes for what it is. */
export function armDocument({ path, apiVersion }: { readonly path: string; readonly apiVersion: string }): string {
  const address = `${plainAddress(path)}?api-version=${plainAddress(apiVersion)}`;
  return `# Resource Manager call\n\n${codeBlock(`az rest --method get --url "${address}"`, 'sh')}\n`;
}

/**
 * A resource's page in the portal, in the directory whose token reaches it where it is a workspace of the estate.
 * Throws `input.unknownResource` for what is no resource ID.
 */
export function portalAddress(portal: string, armId: string, estate: Estate): string {
  if (!/^\/(?:subscriptions|providers)\/[^/?#\\]/i.test(armId))
    throw new AppError('input.unknownResource', 'This is not the ID of an Azure resource.');
  const workspace = estate.workspaces.find(({ key }) => key === armId.toLowerCase());
  const tenant = workspace && (choosePath(workspace)?.issuer ?? workspace.tenant);
  const domain = tenant && (EstateIndex.of(estate).tenants.get(tenant)?.defaultDomain ?? tenant);
  return `${portal}/#${domain === undefined ? '' : `@${plainAddress(domain)}/`}resource${plainAddress(armId)}`;
}

/** Nothing in it that a shell, a quotation mark or an address would take for its own. */
function plainAddress(text: string): string {
  return encodeURI(text).replace(
    /[$'()!*#&;?]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
