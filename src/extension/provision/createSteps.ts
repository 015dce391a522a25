import { groupWord, nameWord } from '../../core/provision/fieldWords.ts';
import type { FieldWord } from '../../core/provision/fieldWords.ts';
import { whose, whoseText } from '../../core/provision/whose.ts';
import { AppError } from '../../base/errors.ts';
import type { Estate } from '../../model/estate.ts';
import type { NameCheck } from '../../protocol/provision.ts';
import type { Worker } from '../platform/dataWorker.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { at } from './createAnswers.ts';
import type { CreateAnswers, CreateDefaults } from './createAnswers.ts';
import { ownerItems, subscriptionItems } from './pickItems.ts';
import type { PickItem } from './pickItems.ts';
import { settingSteps } from './settingSteps.ts';
import { BACK, askPick, askText } from './wizard.ts';
import type { WizardStep } from './wizard.ts';

type Step = WizardStep<CreateAnswers>;

/** The steps of creating a workspace, in their order. `only` narrows the places to one customer or tenant. */
export function createSteps(
  worker: Worker,
  estate: Estate,
  defaults: CreateDefaults,
  only: { readonly customer?: string; readonly tenant?: string } = {},
): readonly Step[] {
  const places = worker
    .request('provision.subscriptions', {})
    .then((all) =>
      all.filter(
        (place) =>
          (only.customer === undefined || place.customer === only.customer) &&
          (only.tenant === undefined || place.tenant === only.tenant),
      ),
    );
  places.catch(() => undefined);

  const owner: Step = {
    ask: async (state, frame) => {
      const items = places.then((all) => {
        if (all.length === 0)
          throw new AppError(
            'access.noSubscription',
            'No subscription is visible in which a workspace could be created. Ask for Contributor on one, or sign in with another account.',
          );
        return ownerItems(all, estate);
      });
      const choice = await askPick(frame, {
        placeholder: 'Customer and tenant that will own the workspace',
        items,
        ready: state.owner,
      });
      return choice === BACK || !choice ? choice : { owner: choice.value };
    },
  };

  const subscription: Step = {
    ask: async (state, frame) => {
      const choice = await askPick(frame, {
        placeholder: 'Subscription',
        items: places.then((all) => subscriptionItems(all, state.owner, estate)),
        ready: places.then((all) => all.find((place) => place.subscription === state.place?.subscription)),
      });
      return choice === BACK || !choice ? choice : { place: choice.value };
    },
  };

  const group: Step = {
    ask: async (state, frame) => {
      const groups = worker.request('provision.resourceGroups', at(state));
      const items = groups.then((all): PickItem<{ name: string; region: string } | undefined>[] => [
        { label: '$(add) New resource group...', value: undefined },
        ...all.map((one) => ({ label: plainLabel(one.name), description: plainLabel(one.region), value: one })),
      ]);
      const choice = await askPick(frame, {
        placeholder: 'Resource group',
        items,
        ready: groups.then((all) => all.find(({ name: one }) => one === state.resourceGroup)),
      });
      if (choice === BACK || !choice) return choice;
      return choice.value
        ? { resourceGroup: choice.value.name, groupRegion: choice.value.region, createResourceGroup: false }
        : { createResourceGroup: true, groupRegion: '' };
    },
  };

  const newGroup: Step = {
    skip: (state) => state.createResourceGroup !== true,
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Resource group',
        prompt: 'Name of the new resource group',
        placeholder: 'rg-logs',
        ...(state.resourceGroup ? { value: state.resourceGroup } : {}),
        word: groupWord,
      });
      return answer === BACK || !answer ? answer : { resourceGroup: answer.text };
    },
  };

  const name: Step = {
    ask: async (state, frame) => {
      const answer = await askText<NameCheck>(frame, {
        field: 'Name',
        prompt: 'Name of the workspace: 4 to 63 letters, digits and hyphens',
        placeholder: 'law-contoso-prod',
        ...(state.name ? { value: state.name } : {}),
        word: nameWord,
        check: async (text, signal) => {
          const result = await worker.request(
            'provision.checkName',
            { ...at(state), resourceGroup: state.resourceGroup!, name: text },
            { signal },
          );
          return { result, word: nameAnswerWord(result, text, state.resourceGroup!) };
        },
      });
      if (answer === BACK || !answer) return answer;
      return { name: answer.text, recoverRegion: answer.checked?.state === 'softDeleted' ? answer.checked.region : '' };
    },
  };

  const recover: Step = {
    skip: (state) => !state.recoverRegion,
    ask: async (state, frame) => {
      const items: readonly PickItem<boolean>[] = [
        {
          label: '$(history) Recover it with its data',
          description: plainLabel(state.recoverRegion!),
          detail: 'A workspace of this name was deleted less than 14 days ago. Recovered, it stays in its region.',
          value: true,
        },
        {
          label: '$(edit) Choose another name',
          detail: 'The name is free again when the deleted workspace is gone for good.',
          value: false,
        },
      ];
      const choice = await askPick(frame, { placeholder: `${state.name!} is in soft delete`, items });
      if (choice === BACK || !choice) return choice;
      return choice.value ? { region: state.recoverRegion! } : BACK;
    },
  };

  return [owner, subscription, group, newGroup, name, recover, ...settingSteps(worker, estate, defaults)];
}

/** The title of every box: for whom, as soon as that is known, told from everybody of the same name. */
export function createTitle(estate: Estate, { owner }: Partial<CreateAnswers>): string {
  const tenant = owner === undefined ? undefined : estate.tenants.find(({ id }) => owner.endsWith(`|${id}`));
  return tenant ? `Create Workspace for ${whoseText(whose(estate, tenant.id))}` : 'Create Workspace';
}

/** What the service says of a name, for the field. */
function nameAnswerWord(answer: NameCheck, name: string, resourceGroup: string): FieldWord {
  switch (answer.state) {
    case 'free':
      return { kind: 'right', text: `${name} is free in ${resourceGroup}.` };
    case 'softDeleted':
      return { kind: 'careful', text: answer.message };
    case 'invalid':
    case 'taken':
      return { kind: 'wrong', text: answer.message };
  }
}
