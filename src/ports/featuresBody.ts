import type { WorkspaceFeatures } from './baseline.ts';

/**
 * The body of a PATCH of a workspace that changes these and nothing else (Microsoft.OperationalInsights/workspaces):
 * as it is sent, and as a plan shows it to those who send it themselves.
 */
export function featuresBody(change: Partial<WorkspaceFeatures>): object {
  const { sku, commitmentGb, resourcePermissions, workspaceKeys, publicIngestion, publicQuery } = change;
  const access = (open: boolean): string => (open ? 'Enabled' : 'Disabled');
  const features = {
    ...(resourcePermissions === undefined ? {} : { enableLogAccessUsingOnlyResourcePermissions: resourcePermissions }),
    ...(workspaceKeys === undefined ? {} : { disableLocalAuth: !workspaceKeys }),
  };
  return {
    properties: {
      ...(sku === undefined
        ? {}
        : { sku: { name: sku, ...(commitmentGb === undefined ? {} : { capacityReservationLevel: commitmentGb }) } }),
      ...(Object.keys(features).length === 0 ? {} : { features }),
      ...(publicIngestion === undefined ? {} : { publicNetworkAccessForIngestion: access(publicIngestion) }),
      ...(publicQuery === undefined ? {} : { publicNetworkAccessForQuery: access(publicQuery) }),
    },
  };
}
