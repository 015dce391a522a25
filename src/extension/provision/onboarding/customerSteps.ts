import { whose, whoseText } from '../../../core/provision/whose.ts';
import { ARCHITECTURES } from '../../../model/assessment/verdict.ts';
import type { Architecture } from '../../../model/assessment/verdict.ts';
import type { Estate } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import { toNamePart } from '../../../core/onboard/names.ts';
import type { ComingView, OnboardingContract } from '../../../protocol/onboarding.ts';
import type { Worker } from '../../platform/dataWorker.ts';
import { plainLabel } from '../../platform/plainLabel.ts';
import type { PickHeading, PickItem } from '../pickItems.ts';
import { BACK, askPick, askText } from '../wizard.ts';
import type { WizardStep } from '../wizard.ts';
import { comingItems } from './comingItems.ts';
import { customerNameWord } from './onboardAnswers.ts';
import type { OnboardAnswers } from './onboardAnswers.ts';

type Step = WizardStep<OnboardAnswers>;
type FoundTenant = OnboardingContract['requests']['onboarding.tenant']['output'];

const MEANINGS: Readonly<Record<Architecture, string>> = {
  distributed: 'A workspace in the tenant of the customer: its data, its bill, its rights',
  central: 'Rows go to a workspace of yours: one place to look, and you pay',
  hybrid: 'A workspace in the tenant of the customer, and roll-ups of it at yours',
};
const NEW = ({ chosen }: Partial<OnboardAnswers>): boolean => chosen !== 'new';

/** Which customer: one of the file, or a new one by its name and tenant. */
export function whoSteps(worker: Worker, estate: Estate, view: ComingView): readonly Step[] {
  const known = new Set<string>(view.customers.map(({ customer }) => customer.tenant));
  const homes = new Set<string>(estate.accounts.flatMap(({ homeTenant }) => homeTenant ?? []));
  const seen = estate.tenants
    .filter(({ id }) => !known.has(id) && !homes.has(id))
    .sort((a, b) => a.name.localeCompare(b.name));

  const first: Step = {
    skip: () => view.customers.length === 0 && view.problems.length === 0,
    ask: async (_state, frame) => {
      const choice = await askPick(frame, {
        placeholder: 'A customer of the file, or a new one',
        items: comingItems(view),
      });
      return choice === BACK || !choice ? choice : { chosen: choice.value };
    },
  };

  const name: Step = {
    skip: NEW,
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Name',
        prompt: 'Name of the customer, as you call it',
        placeholder: 'Contoso Ltd',
        ...(state.name === undefined ? {} : { value: state.name }),
        word: (text) => customerNameWord(text, view),
      });
      return answer === BACK || !answer ? answer : { name: answer.text };
    },
  };

  const tenant: Step = {
    skip: (state) => NEW(state) || seen.length === 0,
    ask: async (state, frame) => {
      const items: readonly (PickItem<TenantId | undefined> | PickHeading)[] = [
        { label: '$(edit) Another Tenant...', detail: 'By its ID or one of its domains', value: undefined },
        { heading: 'Tenants of your estate' },
        ...seen.map(({ id }) => {
          const { tenant: called, told } = whose(estate, id);
          return { label: plainLabel(called), description: plainLabel(told), value: id };
        }),
      ];
      const like = seen.find((one) => toNamePart(one.name) === toNamePart(state.name ?? ''));
      const choice = await askPick(frame, {
        placeholder: 'Tenant of the customer',
        items,
        ready: state.otherTenant === true ? undefined : (state.tenant ?? like?.id),
      });
      if (choice === BACK || !choice) return choice;
      if (choice.value === undefined) return { otherTenant: true };
      return { otherTenant: false, tenant: choice.value, tenantName: whose(estate, choice.value).told };
    },
  };

  const otherTenant: Step = {
    skip: (state) => NEW(state) || (seen.length > 0 && state.otherTenant !== true),
    ask: async (state, frame) => {
      const answer = await askText<FoundTenant>(frame, {
        field: 'Tenant',
        prompt: 'ID of the tenant, or one of its domains',
        placeholder: 'contoso.onmicrosoft.com',
        ...(state.tenant === undefined ? {} : { value: state.tenant }),
        word: (text) =>
          /^[\w-]+(\.[\w-]+)*$/.test(text.trim())
            ? { kind: 'right', text: 'Asking whose it is ...' }
            : { kind: 'wrong', text: 'Write a GUID or a domain.' },
        check: async (text, signal) => {
          const result = await worker.request('onboarding.tenant', { text }, { signal });
          return { result, word: tenantWord(result) };
        },
      });
      if (answer === BACK || !answer) return answer;
      const found = answer.checked;
      // Where nobody could be asked an ID is an answer all the same; the file refuses what is none.
      const id = found?.id ?? (answer.text.toLowerCase() as TenantId);
      return { tenant: id, tenantName: found?.name ?? answer.text };
    },
  };

  return [first, name, tenant, otherTenant];
}

/** Where the logs live, with what the latest assessment says beside each choice; and whose workspace, where central. */
export function architectureSteps(worker: Worker, estate: Estate, { defaults }: ComingView): readonly Step[] {
  const architecture: Step = {
    skip: NEW,
    ask: async (state, frame) => {
      const { name = '', tenant } = state;
      const advice = worker
        .request('onboarding.advice', { name, key: toNamePart(name), tenant: tenant! })
        .catch(() => null);
      const choice = await askPick(frame, {
        placeholder: 'Architecture: where the logs live',
        items: advice.then((said) =>
          ARCHITECTURES.map((value) => ({
            label: `${value[0]!.toUpperCase()}${value.slice(1)}`,
            ...(said ? { description: plainLabel(said[value]) } : {}),
            detail: MEANINGS[value],
            value,
          })),
        ),
        ready: advice.then((said) => state.architecture ?? defaults.architecture ?? bestOf(said) ?? 'distributed'),
        hint: advice.then((said) => (said ? undefined : 'No assessment knows this customer')),
      });
      return choice === BACK || !choice ? choice : { architecture: choice.value };
    },
  };

  const central: Step = {
    skip: (state) => NEW(state) || state.architecture !== 'central',
    ask: async (state, frame) => {
      const isOurs = new Set(estate.customers.filter(({ provider }) => provider === true).map(({ key }) => key));
      const items = [...estate.workspaces]
        .sort((a, b) => Number(isOurs.has(b.customer)) - Number(isOurs.has(a.customer)) || a.name.localeCompare(b.name))
        .map((one) => ({
          label: plainLabel(one.name),
          description: plainLabel(whoseText(whose(estate, one.tenant))),
          value: one.armId,
        }));
      const ready = state.centralWorkspace ?? defaults.centralWorkspace;
      const choice = await askPick(frame, { placeholder: 'Your workspace that rows go to', items, ready });
      return choice === BACK || !choice ? choice : { centralWorkspace: choice.value };
    },
  };

  return [architecture, central];
}

function bestOf(said: OnboardingContract['requests']['onboarding.advice']['output']): Architecture | undefined {
  return said ? ARCHITECTURES.find((one) => said[one].startsWith('fits best')) : undefined;
}

function tenantWord(found: FoundTenant): { readonly kind: 'right' | 'wrong'; readonly text: string } {
  if (!found) return { kind: 'wrong', text: 'This cloud knows no tenant of that ID or domain.' };
  return { kind: 'right', text: found.name === undefined ? found.id : `${found.name}, ${found.id}` };
}
