import type { DiagnosticSetting } from '../../../model/assessment/facts.ts';
import { ENTRA_SCOPE } from '../../../ports/baseline.ts';
import type { BaselinePort } from '../../../ports/baseline.ts';
import { asTemplateTexts } from '../../changes/asTemplateTexts.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';
import { templateText } from '../../changes/export.ts';

/** A diagnostic setting that is to send these categories to a workspace, or that is to be gone. */
export interface WantedDiagnosticSetting {
  readonly name: string;
  /** What it is a setting of: an ARM id of a resource or subscription, or `ENTRA_SCOPE`. */
  readonly scope: string;
  /** What that is called, for people: `subscription Contoso`. */
  readonly scopeName: string;
  /** Absent for one that is to be gone. */
  readonly sends?: {
    /** ARM id. */
    readonly workspace: string;
    /** Categories, or groups of them: `allLogs`, `audit`. */
    readonly categories: readonly string[];
  };
}

type DiagnosticPort = Pick<BaselinePort, 'diagnostic' | 'putDiagnostic' | 'deleteDiagnostic'>;

/** Groups of categories (learn.microsoft.com, platform/diagnostic-settings); a category beside them is itself. */
const GROUPS: ReadonlySet<string> = new Set(['alllogs', 'audit']);

/** Diagnostic settings of resources, of a subscription (its activity log) and of Microsoft Entra ID. */
export function diagnosticSettingHandler(
  port: DiagnosticPort,
): ChangeHandler<WantedDiagnosticSetting, DiagnosticSetting> {
  return {
    resource: 'diagnosticSetting',
    noun: 'diagnostic setting',
    read: ({ target }, { issuer, signal }) => port.diagnostic(issuer, target, signal),
    diff: ({ wanted: { name, scopeName, sends } }, now): Effect => {
      const common = { detail: `Of ${scopeName}`, differences: [] };
      if (!sends)
        return now
          ? { ...common, action: 'delete', title: `Remove diagnostic setting ${now.name}`, basis: JSON.stringify(now) }
          : { ...common, action: 'none', title: `Diagnostic setting ${name} is not there` };
      const to = `to workspace ${lastOf(sends.workspace)}`;
      const missing = missingCategories(now, sends.categories);
      const elsewhere = now !== undefined && now.workspace !== sends.workspace.toLowerCase();
      if (now && missing.length === 0 && !elsewhere)
        return { ...common, action: 'none', title: `Diagnostic setting ${now.name} sends ${to} already` };
      const detail = `Of ${scopeName}: ${sends.categories.join(', ')} ${to}`;
      if (!now)
        return {
          action: 'create',
          title: `Create diagnostic setting ${name} of ${scopeName}`,
          detail,
          differences: [
            { name: 'Categories', after: sends.categories.join(', ') },
            { name: 'Workspace', after: lastOf(sends.workspace) },
          ],
        };
      const { categories, workspace } = now;
      return {
        action: 'update',
        title: `Change diagnostic setting ${now.name} of ${scopeName}`,
        detail,
        differences: [
          ...(missing.length === 0
            ? []
            : [{ name: 'Categories', before: categories.join(', '), after: [...categories, ...missing].join(', ') }]),
          ...(elsewhere
            ? [{ name: 'Workspace', before: workspace ?? 'none', after: sends.workspace.toLowerCase() }]
            : []),
        ],
        basis: JSON.stringify(now),
      };
    },
    apply: async ({ target, wanted }, action, { issuer, signal }) => {
      if (action === 'delete') await port.deleteDiagnostic(issuer, target, signal);
      else await port.putDiagnostic(issuer, target, wanted.sends!, signal);
    },
    verify: ({ wanted: { name, sends } }, now) => {
      if (!sends) return now ? { state: 'pending', what: `setting ${name} is still there` } : { state: 'verified' };
      if (!now) return { state: 'pending', what: `diagnostic setting ${name} is not shown yet` };
      const [missing] = missingCategories(now, sends.categories);
      if (missing !== undefined)
        return { state: 'different', message: `Diagnostic setting ${name} came out without ${missing}.` };
      return now.workspace === sends.workspace.toLowerCase()
        ? { state: 'verified' }
        : { state: 'different', message: `Diagnostic setting ${name} sends to another workspace than was said.` };
    },
    describe: ({ wanted }, now) => now && `diagnostic setting ${now.name} of ${wanted.scopeName}`,
    requests: ({ target }, action) =>
      action === 'delete' ? [{ method: 'DELETE', path: target, apiVersion: diagnosticVersion(target) }] : [],
    commands: ({ target, wanted: { sends } }, action) => [
      [
        ...['rest', '--method', action === 'delete' ? 'delete' : 'put'],
        ...['--url', `${target}?api-version=${diagnosticVersion(target)}`],
        ...(sends && action !== 'delete'
          ? ['--body', JSON.stringify({ properties: diagnosticProperties(sends.workspace, sends.categories) })]
          : []),
      ],
    ],
    templateResources: ({ target, wanted: { name, scope, sends } }, action) =>
      sends && action !== 'delete'
        ? [
            {
              type:
                scope === ENTRA_SCOPE ? 'microsoft.aadiam/diagnosticSettings' : 'Microsoft.Insights/diagnosticSettings',
              apiVersion: diagnosticVersion(target),
              name: templateText(name),
              ...(/\/providers\/.+\//i.test(scope) ? { scope } : {}),
              properties: asTemplateTexts(diagnosticProperties(sends.workspace, sends.categories)),
            },
          ]
        : [],
  };
}

/** The api-version of a diagnostic setting by its id: Entra has its own provider. */
function diagnosticVersion(armId: string): string {
  return armId.toLowerCase().startsWith(`${ENTRA_SCOPE}/`) ? '2017-04-01' : '2021-05-01-preview';
}

/** `properties` of a setting that sends these categories to a workspace and nothing anywhere else. */
function diagnosticProperties(workspace: string, categories: readonly string[]): object {
  return { workspaceId: workspace, logs: categories.map(logLine) };
}

/** A line of `logs`: a group of categories has another field than a category. */
function logLine(category: string): object {
  return { [GROUPS.has(category.toLowerCase()) ? 'categoryGroup' : 'category']: category, enabled: true };
}

/** Categories that a setting does not send: everything is in `allLogs`, and `Audit` in the group `audit`, too. */
function missingCategories(now: DiagnosticSetting | undefined, wanted: readonly string[]): readonly string[] {
  const sent = new Set(now?.categories.map((one) => one.toLowerCase()));
  return sent.has('alllogs') ? [] : wanted.filter((one) => !sent.has(one.toLowerCase()));
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
