import type { BlobState, Centre } from '../../model/centre.ts';

/**
 * Where rows or state go, whole: what a person approves, and another text means that nobody has. Azure takes no notice
 * of case in ids of resources and names of hosts; in names of databases it does.
 */
export function addressOf(where: Centre | BlobState): string {
  if (!('kind' in where)) return `${where.container.toLowerCase()} (tenant ${where.tenant})`;
  switch (where.kind) {
    case 'lake':
      return where.folder;
    case 'logAnalytics':
      return `${where.workspace.toLowerCase()} (tenant ${where.tenant})`;
    case 'dataExplorer':
      return `${where.cluster.toLowerCase()}/${where.database} (tenant ${where.tenant})`;
  }
}
