import { window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { AccountId, TenantId } from '../../model/ids.ts';
import type { CloudFile } from '../../model/cloudFile.ts';
import type { SignIn } from '../../protocol/settings.ts';
import type { VsCodeAccounts } from '../platform/auth.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import type { Secrets } from '../platform/secrets.ts';
import { readSetting } from '../platform/settings.ts';

/**
 * Signs in by the method that is set. Only VS Code's accounts have something to open; the other methods say what to do
 * themselves.
 */
export async function signIn(
  accounts: VsCodeAccounts,
  method: SignIn,
  file: CloudFile,
  target?: { readonly account?: AccountId; readonly tenant: TenantId },
): Promise<void> {
  switch (method.kind) {
    case 'host':
      await accounts.signIn(target);
      return;
    case 'azureCli': {
      const tenant = target ? ` --tenant ${target.tenant}` : '';
      throw new AppError(
        'input.signInElsewhere',
        `Sign-in is by the Azure CLI. Run "az login${tenant}" in a terminal, then refresh the estate.`,
      );
    }
    case 'clientSecret': {
      if (file.sampleAccounts.length && readSetting('signIn.method') === 'auto')
        throw new AppError(
          'input.signInElsewhere',
          'The sample accounts of the cloud file are signed in already; this tenant does not admit them.',
        );
      throw new AppError(
        'input.signInElsewhere',
        'Sign-in is by a service principal. Give it access to this tenant, or set its secret again with "Tenantscope: Set Service Principal Secret".',
      );
    }
  }
}

/** Commands about who is signed in. */
export function registerSignIn(
  app: App,
  secrets: Secrets,
  onSecret: () => Promise<void>,
): CommandsOf<'tenantscope.signIn.start' | 'tenantscope.signIn.setSecret' | 'tenantscope.signIn.forgetSecret'> {
  const clientId = (): string => {
    const id = readSetting('signIn.servicePrincipalId');
    if (id === '')
      throw new AppError(
        'input.servicePrincipal',
        'Set the application ID of the service principal first: tenantscope.signIn.servicePrincipalId.',
      );
    return id;
  };
  return {
    'tenantscope.signIn.start': async () => {
      await app.signIn();
      await app.estate.load(true);
    },
    'tenantscope.signIn.setSecret': async () => {
      const id = clientId();
      const secret = await window.showInputBox({
        title: `Secret of ${id}`,
        prompt: "Kept in VS Code's secret storage",
        password: true,
        ignoreFocusOut: true,
      });
      if (!secret) return;
      await secrets.keepClientSecret(id, secret);
      await onSecret();
    },
    'tenantscope.signIn.forgetSecret': async () => {
      await secrets.forgetClientSecret(clientId());
      await onSecret();
    },
  };
}
