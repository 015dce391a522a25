import { EstateIndex } from '../../../core/estate/estateIndex.ts';
import { capWord, groupWord, nameWord, readGb } from '../../../core/provision/fieldWords.ts';
import { regionChoices } from '../../../core/provision/regionChoices.ts';
import type { Region } from '../../../core/provision/regionChoices.ts';
import { RETENTION_DAYS } from '../../../core/provision/rules.ts';
import type { Estate } from '../../../model/estate.ts';
import { toCustomerKey } from '../../../model/ids.ts';
import { toRegion } from '../../../model/region.ts';
import type { ComingView } from '../../../protocol/onboarding.ts';
import type { Worker } from '../../platform/dataWorker.ts';
import { plainLabel } from '../../platform/plainLabel.ts';
import { regionItems } from '../pickItems.ts';
import type { PickHeading, PickItem } from '../pickItems.ts';
import { askRetention } from '../settingSteps.ts';
import { BACK, askPick, askText } from '../wizard.ts';
import type { WizardStep } from '../wizard.ts';
import { namesOf } from './onboardAnswers.ts';
import type { OnboardAnswers } from './onboardAnswers.ts';
import { typedRegion, typedSubscription } from './typedPlaces.ts';
import type { Place } from './typedPlaces.ts';

type Step = WizardStep<OnboardAnswers>;

/** What is offered before anybody chose, by the settings. */
export interface OnboardDefaults {
  readonly region: string;
  readonly retentionDays: number;
}

/** Where the workspace is to be, and what it is like: subscription, region, names by convention, retention, cap. */
export function whereSteps(
  worker: Worker,
  estate: Estate,
  view: ComingView,
  preferred: OnboardDefaults,
): readonly Step[] {
  const { defaults } = view;
  const isNew = ({ chosen }: Partial<OnboardAnswers>): boolean => chosen === 'new';
  const ofWorkspace = {
    skip: (state: Partial<OnboardAnswers>) => !isNew(state) || state.architecture === 'central',
  };
  const customerOf = ({ tenant, place }: Partial<OnboardAnswers>): ReturnType<typeof toCustomerKey> =>
    place?.customer ?? estate.tenants.find(({ id }) => id === tenant)?.customer ?? toCustomerKey(tenant ?? '');

  const subscription: Step = {
    skip: (state) => !isNew(state),
    ask: async (state, frame) => {
      const places = worker
        .request('provision.subscriptions', {})
        .then((all) => all.filter(({ tenant }) => tenant === state.tenant));
      const items = places.then((all) =>
        all.map((place): PickItem<Place> => ({
          label: plainLabel(place.name),
          description: plainLabel(place.subscription),
          detail: 'We are let in there already',
          value: { id: place.subscription, reached: place },
        })),
      );
      const listed = arrived(items);
      const choice = await askPick<Place>(frame, {
        placeholder: 'Subscription of the customer',
        items,
        ready: items.then((all) => all.find(({ value }) => value.id === state.subscription)?.value),
        hint: places.then((all) =>
          all.length > 0 ? 'Or type the ID of another one' : 'Nobody of yours reaches one yet: type its ID',
        ),
        typed: (text) => typedSubscription(text, listed()),
      });
      return choice === BACK || !choice ? choice : { subscription: choice.value.id, place: choice.value.reached };
    },
  };

  const region: Step = {
    skip: (state) => !isNew(state),
    ask: async (state, frame) => {
      const { place } = state;
      const offered: Promise<readonly Region[]> = place
        ? worker.request('provision.locations', place)
        : Promise.resolve(regionsInUse(estate, [defaults.region, preferred.region]));
      const choices = offered.then((all) =>
        regionChoices(all, estate, customerOf(state), { preferred: defaults.region ?? preferred.region }),
      );
      const items = choices.then(regionItems);
      const listed = arrived(items);
      const choice = await askPick<string>(frame, {
        placeholder: 'Region, where the logs will be kept',
        items,
        ready: choices.then(({ ready }) => state.region ?? ready),
        ...(place ? {} : { typed: (text) => typedRegion(text, listed()) }),
      });
      return choice === BACK || !choice ? choice : { region: choice.value };
    },
  };

  const resourceGroup: Step = {
    ...ofWorkspace,
    ask: async (state, frame) => {
      const made = namesOf(state, view).resourceGroup;
      const answer = await askText(frame, {
        field: 'Resource group',
        prompt: 'Name of the resource group, by your convention',
        value: state.ownGroup ?? made,
        word: groupWord,
      });
      if (answer === BACK || !answer) return answer;
      return { resourceGroup: answer.text, ownGroup: answer.text === made ? undefined : answer.text };
    },
  };

  const workspace: Step = {
    ...ofWorkspace,
    ask: async (state, frame) => {
      const made = namesOf(state, view).workspace;
      const answer = await askText(frame, {
        field: 'Workspace',
        prompt: 'Name of the workspace, by your convention',
        value: state.ownWorkspace ?? made,
        word: (text) => {
          const word = nameWord(text);
          return word.kind === 'wrong' ? word : { ...word, text: 'Whether it is free is looked at before the plan.' };
        },
      });
      if (answer === BACK || !answer) return answer;
      return { workspace: answer.text, ownWorkspace: answer.text === made ? undefined : answer.text };
    },
  };

  const retention: Step = {
    ...ofWorkspace,
    ask: async (state, frame) => {
      const index = EstateIndex.of(estate);
      const declared = index.customers.get(customerOf(state))?.declared;
      const days = state.retentionDays ?? declared?.retentionDays ?? defaults.retentionDays ?? preferred.retentionDays;
      const choice = await askRetention(
        frame,
        { declared, customer: state.name ?? 'The customer' },
        { ready: Math.min(days, RETENTION_DAYS.most), preferred: defaults.retentionDays ?? preferred.retentionDays },
      );
      return choice === BACK || !choice ? choice : { retentionDays: choice.value };
    },
  };

  const cap: Step = {
    ...ofWorkspace,
    ask: async (state, frame) => {
      const now = state.dailyCapGb ?? defaults.dailyCapGb;
      const answer = await askText(frame, {
        field: 'Daily cap',
        prompt: 'Daily cap in GB',
        ...(now === undefined ? {} : { value: String(now) }),
        word: (text) =>
          text.trim() === '' && defaults.dailyCapGb !== undefined
            ? { kind: 'careful', text: `Empty: the ${defaults.dailyCapGb} GB of the file's defaults.` }
            : capWord(text),
        optional: true,
      });
      return answer === BACK || !answer ? answer : { dailyCapGb: readGb(answer.text) };
    },
  };

  return [subscription, region, resourceGroup, workspace, retention, cap];
}

/** The regions of the estate and those of the settings: of a subscription that nobody reaches none are listed. */
function regionsInUse(estate: Estate, more: readonly (string | undefined)[]): readonly Region[] {
  const names = [...estate.workspaces.map(({ region }) => region), ...more].flatMap((one) =>
    one ? [toRegion(one)] : [],
  );
  return [...new Set(names)].map((name) => ({ name, displayName: name }));
}

type Lines = readonly (PickItem<unknown> | PickHeading)[];

/** The lines of a list as far as they are there; that they cannot be had is the box's to say. */
function arrived(items: Promise<Lines>): () => Lines {
  let lines: Lines = [];
  items.then(
    (all) => (lines = all),
    () => undefined,
  );
  return () => lines;
}
