import { workspace } from 'vscode';
import { networkOfEnvironment } from '../../model/network.ts';
import type { NetworkSettings } from '../../model/network.ts';
import type { Event } from '../../base/event.ts';

/**
 * The network as VS Code itself is told to use it, for the data worker, which is a process that VS Code's own patches
 * do not reach. What a setting leaves open the environment decides. A proxy that only a PAC file names is not known
 * here.
 */
export function readNetwork(): NetworkSettings {
  const http = workspace.getConfiguration('http');
  const environment = networkOfEnvironment(process.env);
  const text = (name: string): string => (http.get<string | null>(name) ?? '').trim();
  const off = http.get<string>('proxySupport') === 'off';
  const named = text('proxy') || environment.proxy;
  const noProxy = http.get<readonly string[]>('noProxy') ?? [];
  const authorization = text('proxyAuthorization');
  return {
    ...(off || named === undefined ? {} : { proxy: named }),
    noProxy: noProxy.length > 0 ? [...noProxy] : environment.noProxy,
    ...(authorization === '' ? {} : { proxyAuthorization: authorization }),
    systemCertificates: http.get<boolean>('systemCertificates') ?? true,
    strictProxyCertificate: http.get<boolean>('proxyStrictSSL') ?? true,
  };
}

/** Fires when VS Code is told to use the network otherwise. */
export const onNetworkChanged: Event<void> = (listener) =>
  workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('http')) listener();
  });
