import type { SourceKind } from '../../../model/assessment/declared.ts';

/** Tables of which one has data where a source is collected. */
export const SOURCE_TABLES: Readonly<Record<SourceKind, readonly string[]>> = {
  machines: ['Heartbeat', 'Perf', 'InsightsMetrics', 'Event', 'Syslog', 'SecurityEvent', 'WindowsEvent'],
  azure: ['AzureActivity', 'AzureDiagnostics', 'AzureMetrics'],
  entra: ['SigninLogs', 'AuditLogs'],
  microsoft365: ['OfficeActivity'],
  containers: ['ContainerLogV2', 'KubePodInventory'],
  applications: ['AppRequests', 'AppExceptions', 'AppDependencies'],
  network: ['CommonSecurityLog'],
};
