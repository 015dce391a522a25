import { isAbsolute } from 'node:path';
import { ConfigurationTarget, Uri, workspace } from 'vscode';
import type { Event } from '../../base/event.ts';
import type { AskedAudited, Confidentiality, SharedRequests } from '../../model/run.ts';

/**
 * The settings as one value, read anew each time: nobody caches a setting. Names are those of the manifest without the
 * prefix.
 */
export interface Settings {
  readonly 'cloud.name': 'public' | 'usGovernment' | 'china' | 'custom';
  readonly 'cloud.file': string;
  readonly 'network.proxyScript': string;
  readonly 'signIn.method': 'auto' | 'vscode' | 'azureCli' | 'servicePrincipal';
  readonly 'signIn.clientId': string;
  readonly 'signIn.tenants': readonly string[];
  readonly 'signIn.servicePrincipalId': string;
  readonly 'estate.groupBy': 'customer' | 'region' | 'accessPath';
  readonly 'estate.lastData': boolean;
  readonly 'query.timeRangeMinutes': number;
  readonly 'query.packs': readonly string[];
  readonly 'query.codeLens': boolean;
  readonly 'query.inOtherFiles': boolean;
  readonly 'query.diagnostics': 'schema' | 'syntax' | 'off';
  readonly 'query.sharedRequests': SharedRequests;
  readonly 'query.audited': AskedAudited;
  readonly 'query.maxRowsPerWorkspace': number;
  readonly 'results.location': 'panel' | 'beside';
  readonly 'results.keep': boolean;
  readonly 'results.keepRuns': number;
  readonly 'results.keepDays': number;
  readonly 'results.keepMb': number;
  readonly 'results.memoryLimitMb': number;
  readonly 'rollups.lake': string;
  readonly 'workspace.defaultRegion': string;
  readonly 'workspace.defaultRetentionDays': number;
  readonly 'workspace.defaultTags': Readonly<Record<string, string>>;
}

const SECTION = 'tenantscope';

/** The manifest declares a default for every one, so a value is always there. */
export function readSetting<K extends keyof Settings>(name: K): Settings[K] {
  return workspace.getConfiguration(SECTION).get<Settings[K]>(name) as Settings[K];
}

/** What workspaces may learn by being asked. */
export function readConfidentiality(): Required<Confidentiality> {
  return { shared: readSetting('query.sharedRequests'), audited: readSetting('query.audited') };
}

/**
 * The folder where roll-ups are stored: the person's own, where they name one by its whole path, else one of ours. No
 * settings of a folder count here: a repository does not say where customers' rows go.
 */
export function lakeFolder(globalStorageUri: Uri): string {
  const chosen = readSetting('rollups.lake').trim();
  return isAbsolute(chosen) ? chosen : Uri.joinPath(globalStorageUri, 'lake').fsPath;
}

/**
 * Keeps a choice where the person would expect it: in the folder's settings where they have it there, in their own
 * otherwise.
 */
export async function writeSetting<K extends keyof Settings>(name: K, value: Settings[K]): Promise<void> {
  const configuration = workspace.getConfiguration(SECTION);
  const inFolder = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(name, value, inFolder ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}

/** Fires when one of the settings whose names begin with one of the prefixes changed. */
export function onSettingsChanged(...prefixes: readonly string[]): Event<void> {
  return (listener) =>
    workspace.onDidChangeConfiguration((change) => {
      if (prefixes.some((prefix) => change.affectsConfiguration(`${SECTION}.${prefix}`))) listener();
    });
}
