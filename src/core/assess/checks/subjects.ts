import type { WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject } from '../../../model/assessment/findings.ts';

/** A workspace as what a finding is about. */
export function workspaceSubject({ workspace }: WorkspaceFacts): FindingSubject {
  return { kind: 'workspace', name: workspace.name, workspace: workspace.key };
}
