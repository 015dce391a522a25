import { workspace } from 'vscode';
import { networkOfEnvironment } from '../../model/network.ts';
import type { NetworkSettings } from '../../model/network.ts';
import { readSetting } from './settings.ts';
import type { Event } from '../../base/event.ts';

/**
 * The network as VS Code itself is told to use it, for the data worker, which is a process that VS Code's own patches
 * do not reach. What a setting leaves open the environment decides, and then the operating system. `http.proxySupport`
 * `off` means none of them; the auto-configuration file that Tenantscope is told to use counts all the same.
 */
export function readNetwork(): NetworkSettings {
  const http = workspace.getConfiguration('http');
  const environment = networkOfEnvironment(process.env);
  const text = (name: string): string => (http.get<string | null>(name) ?? '').trim();
  const script = readSetting('network.proxyScript').trim() || environment.proxyScript;
  const off = http.get<string>('proxySupport') === 'off';
  const named = text('proxy');
  const noProxy = http.get<readonly string[]>('noProxy') ?? [];
  const authorization = text('proxyAuthorization');
  return {
    ...(script === undefined ? {} : { proxyScript: script }),
    ...(off ? {} : proxyOf(named, environment)),
    systemProxy: !off,
    noProxy: noProxy.length > 0 ? [...noProxy] : environment.noProxy,
    ...(authorization === '' ? {} : { proxyAuthorization: authorization }),
    systemCertificates: http.get<boolean>('systemCertificates') ?? true,
    strictProxyCertificate: http.get<boolean>('proxyStrictSSL') ?? true,
  };
}

function proxyOf(named: string, { proxy }: NetworkSettings): Pick<NetworkSettings, 'proxy' | 'proxyBy'> {
  if (named !== '') return { proxy: named };
  return proxy === undefined ? {} : { proxy, proxyBy: 'environment' };
}

/** Fires when VS Code is told to use the network otherwise. */
export const onNetworkChanged: Event<void> = (listener) =>
  workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('http') || change.affectsConfiguration('tenantscope.network')) listener();
  });
