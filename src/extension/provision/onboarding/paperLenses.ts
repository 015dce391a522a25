import type { CustomerPaper } from '../../../protocol/onboarding.ts';
import type { CommandId } from '../../platform/commandIds.ts';

/** Where a document stands: to be read, being carried out, or waiting for a word on what was agreed. */
export type PaperPhase = 'still' | 'running' | 'asking';

/** What stands above a customer's document to be clicked. `again`: whether it can be looked at anew. */
export function lensesOf(
  { state, typed, request, handedOver }: CustomerPaper,
  phase: PaperPhase,
  again: boolean,
): readonly { readonly title: string; readonly command: CommandId }[] {
  if (phase === 'running') return [];
  if (phase === 'asking')
    return [
      { title: '$(play) Make it so, as agreed', command: 'tenantscope.onboarding.carryOut' },
      { title: '$(circle-slash) Not now', command: 'tenantscope.onboarding.decline' },
    ];
  const leaving = typed !== undefined;
  return [
    ...(state === 'planned'
      ? [
          {
            title: leaving ? '$(play) Let this customer go' : '$(play) Carry out this plan',
            command: 'tenantscope.onboarding.carryOut' as const,
          },
        ]
      : []),
    ...(again && state !== 'planned' && state !== 'done'
      ? [{ title: '$(refresh) Check again', command: 'tenantscope.onboarding.checkAgain' as const }]
      : []),
    ...(request === undefined
      ? []
      : [{ title: '$(copy) Copy text for the customer', command: 'tenantscope.onboarding.copyText' as const }]),
    ...(handedOver.length > 0 || state !== 'planned'
      ? [{ title: '$(folder-opened) Open folder', command: 'tenantscope.onboarding.openFolder' as const }]
      : []),
  ];
}
