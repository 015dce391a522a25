import type { DiagnosticSetting } from '../../../model/assessment/facts.ts';

/** Settings that record who asks a workspace what: the category Audit, or a group that holds it. */
export function auditSettings(settings: readonly DiagnosticSetting[]): readonly DiagnosticSetting[] {
  return settings.filter(({ categories }) =>
    categories.some((category) => ['audit', 'alllogs'].includes(category.toLowerCase())),
  );
}
