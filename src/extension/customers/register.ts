import { Uri, window, workspace } from 'vscode';
import type { CommandsOf } from '../platform/commands.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import type { CustomersFiles } from './customersFiles.ts';

const TEMPLATE = `{
  "customers": [
    {
      "name": "Contoso Ltd",
      "key": "contoso",
      "tenants": ["contoso.onmicrosoft.com"],
      "groups": ["gold"],
      "tags": { "contract": "2026" },
      "declared": { "retentionDays": 365, "regions": ["westeurope"] }
    }
  ]
}
`;

/** Opening the customers file, made from a template where there is none. */
export function registerCustomers(files: CustomersFiles): CommandsOf<'tenantscope.customers.open'> {
  return {
    'tenantscope.customers.open': async () => {
      const choices = [
        ...files.inFolders.map((uri) => ({
          label: plainLabel(workspace.asRelativePath(uri, true)),
          description: 'for everybody who has this folder',
          uri,
        })),
        { label: 'My customers', description: 'on this machine only', uri: files.personal },
      ];
      const choice =
        choices.length === 1 ? choices[0] : await window.showQuickPick(choices, { title: 'Customers File' });
      if (!choice) return;
      if (
        !(await workspace.fs.stat(choice.uri).then(
          () => true,
          () => false,
        ))
      ) {
        await workspace.fs.createDirectory(Uri.joinPath(choice.uri, '..'));
        await workspace.fs.writeFile(choice.uri, new TextEncoder().encode(TEMPLATE));
      }
      await window.showTextDocument(await workspace.openTextDocument(choice.uri));
    },
  };
}
