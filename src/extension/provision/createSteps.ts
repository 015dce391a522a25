import { plainLabel } from '../platform/plainLabel.ts';
import type { QuickPickItem } from 'vscode';
import {
  COMMITMENT_LEVELS,
  RETENTION_CHOICES,
  validateDailyCap,
  validateName,
  validateResourceGroupName,
  validateTags,
} from '../../core/provision/rules.ts';
import { parseTags, printTags } from '../../core/provision/tagText.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceRequest } from '../../model/plan.ts';
import type { NameCheck } from '../../protocol/provision.ts';
import type { WorkerContract } from '../../protocol/worker.ts';
import type { Worker } from '../platform/dataWorker.ts';
import type { WizardStep } from './wizard.ts';
import { BACK, askPick, askText } from './wizard.ts';

/** A subscription that can be chosen, and whose token reaches it. */
export type SubscriptionChoice = WorkerContract['requests']['provision.subscriptions']['output'][number];

/** What the wizard gathers; whole after its last step. */
export interface CreateAnswers {
  readonly place: SubscriptionChoice;
  readonly owner: string;
  readonly resourceGroup: string;
  readonly createResourceGroup: boolean;
  readonly groupRegion: string;
  readonly name: string;
  readonly recoverRegion: string;
  readonly region: string;
  readonly tier: 'PerGB2018' | 'CapacityReservation';
  readonly level: number;
  readonly retentionDays: number;
  readonly dailyCapGb: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the settings offer before anybody chose. */
export interface CreateDefaults {
  readonly region: string;
  readonly retentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

type Step = WizardStep<CreateAnswers>;
type Item<T> = QuickPickItem & { readonly value: T };

/** The steps of creating a workspace, in their order. `only` narrows the places to one customer or tenant. */
export function createSteps(
  worker: Worker,
  estate: Estate,
  defaults: CreateDefaults,
  only: { readonly customer?: string; readonly tenant?: string } = {},
): readonly Step[] {
  const index = EstateIndex.of(estate);
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
  const ownerOf = (place: SubscriptionChoice): string => `${place.customer}|${place.tenant}`;

  const owner: Step = {
    ask: async (state, frame) => {
      const items = places.then((all) => {
        const owners = new Map(all.map((place) => [ownerOf(place), place]));
        const list = [...owners].map(([value, place]): Item<string> => ({
          label: plainLabel(index.customerName(place.customer)),
          description: plainLabel(index.tenantName(place.tenant)),
          value,
        }));
        if (!list.length)
          throw new Error(
            'No subscription is visible in which a workspace could be created. Ask for Contributor on one, or sign in with another account.',
          );
        return list.sort((a, b) => a.label.localeCompare(b.label));
      });
      const choice = await askPick(frame, {
        placeholder: 'Customer and tenant that will own the workspace',
        items,
        isActive: (item) => item.value === state.owner,
      });
      return choice === BACK || !choice ? choice : { owner: choice.value };
    },
  };

  const subscription: Step = {
    ask: async (state, frame) => {
      const items = places.then((all) =>
        all
          .filter((place) => ownerOf(place) === state.owner)
          .map((place): Item<SubscriptionChoice> => ({
            label: plainLabel(place.name),
            description: place.subscription,
            ...(place.issuer === place.tenant ? {} : { detail: 'delegated by Lighthouse' }),
            value: place,
          })),
      );
      const choice = await askPick(frame, {
        placeholder: 'Subscription',
        items,
        isActive: (item) => item.value.subscription === state.place?.subscription,
      });
      return choice === BACK || !choice ? choice : { place: choice.value };
    },
  };

  const group: Step = {
    ask: async (state, frame) => {
      const fresh: Item<undefined> = { label: '$(add) New resource group...', value: undefined };
      const items = worker.request('provision.resourceGroups', at(state)).then((groups) => [
        fresh,
        ...groups.map((one): Item<{ name: string; region: string }> => ({
          label: plainLabel(one.name),
          description: plainLabel(one.region),
          value: one,
        })),
      ]);
      const choice = await askPick<Item<{ name: string; region: string } | undefined>>(frame, {
        placeholder: 'Resource group',
        items,
        isActive: (item) => item.value?.name === state.resourceGroup,
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
        prompt: 'Name of the new resource group',
        placeholder: 'rg-logs',
        ...(state.resourceGroup ? { value: state.resourceGroup } : {}),
        validate: validateResourceGroupName,
      });
      return answer === BACK || !answer ? answer : { resourceGroup: answer.text };
    },
  };

  const name: Step = {
    ask: async (state, frame) => {
      const answer = await askText<NameCheck>(frame, {
        prompt: 'Name of the workspace: 4 to 63 letters, digits and hyphens',
        placeholder: 'law-contoso-prod',
        ...(state.name ? { value: state.name } : {}),
        validate: validateName,
        check: async (text, signal) => {
          const result = await worker.request(
            'provision.checkName',
            { ...at(state), resourceGroup: state.resourceGroup!, name: text },
            { signal },
          );
          return {
            result,
            ...(result.state === 'invalid' || result.state === 'taken' ? { refusal: result.message } : {}),
          };
        },
      });
      if (answer === BACK || !answer) return answer;
      return { name: answer.text, recoverRegion: answer.checked?.state === 'softDeleted' ? answer.checked.region : '' };
    },
  };

  const recover: Step = {
    skip: (state) => !state.recoverRegion,
    ask: async (state, frame) => {
      const items: Item<boolean>[] = [
        {
          label: '$(history) Recover it with its data',
          description: state.recoverRegion!,
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

  const region: Step = {
    skip: (state) => Boolean(state.recoverRegion),
    ask: async (state, frame) => {
      const wanted = state.region ?? (state.groupRegion || defaults.region);
      const items = worker
        .request('provision.locations', at(state))
        .then((all) =>
          all.map((one): Item<string> => ({ label: one.displayName, description: one.name, value: one.name })),
        );
      const choice = await askPick(frame, {
        placeholder: 'Region, where the logs will be kept',
        items,
        isActive: (item) => item.value === wanted,
      });
      return choice === BACK || !choice ? choice : { region: choice.value };
    },
  };

  const tier: Step = {
    ask: async (state, frame) => {
      const items: Item<CreateAnswers['tier']>[] = [
        {
          label: 'Pay as you go',
          description: 'PerGB2018',
          detail: 'Paid by what comes in',
          value: 'PerGB2018',
        },
        {
          label: 'Commitment tier',
          description: 'CapacityReservation',
          detail: 'Paid by the day, used or not; worth it from 100 GB a day',
          value: 'CapacityReservation',
        },
      ];
      const choice = await askPick(frame, {
        placeholder: 'Pricing tier',
        items,
        isActive: (item) => item.value === state.tier,
      });
      return choice === BACK || !choice ? choice : { tier: choice.value };
    },
  };

  const level: Step = {
    skip: (state) => state.tier !== 'CapacityReservation',
    ask: async (state, frame) => {
      const items = COMMITMENT_LEVELS.map((value): Item<number> => ({
        label: `${value.toLocaleString('en-US')} GB a day`,
        value,
      }));
      const choice = await askPick(frame, {
        placeholder: 'How much is committed',
        items,
        isActive: (item) => item.value === state.level,
      });
      return choice === BACK || !choice ? choice : { level: choice.value };
    },
  };

  const retention: Step = {
    ask: async (state, frame) => {
      const items = RETENTION_CHOICES.map((value): Item<number> => ({ label: `${value} days`, value }));
      const choice = await askPick(frame, {
        placeholder: 'Retention: how long logs can be queried',
        items,
        isActive: (item) => item.value === (state.retentionDays ?? defaults.retentionDays),
      });
      return choice === BACK || !choice ? choice : { retentionDays: choice.value };
    },
  };

  const cap: Step = {
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        prompt: 'Daily cap in GB; empty for none',
        ...(state.dailyCapGb === undefined ? {} : { value: String(state.dailyCapGb) }),
        validate: validateCapText,
      });
      return answer === BACK || !answer ? answer : { dailyCapGb: answer.text === '' ? undefined : Number(answer.text) };
    },
  };

  const tags: Step = {
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        prompt: 'Tags, such as env=prod, owner=ops; empty for none',
        value: printTags(state.tags ?? defaults.tags),
        validate: validateTagText,
      });
      if (answer === BACK || !answer) return answer;
      const parsed = parseTags(answer.text);
      return { tags: parsed.ok ? parsed.tags : {} };
    },
  };

  return [owner, subscription, group, newGroup, name, recover, region, tier, level, retention, cap, tags];
}

/** What the service is asked for. */
export function toRequest(answers: CreateAnswers): WorkspaceRequest & { recover?: boolean } {
  const { place } = answers;
  return {
    account: place.account,
    issuer: place.issuer,
    tenant: place.tenant,
    subscription: place.subscription,
    resourceGroup: answers.resourceGroup,
    createResourceGroup: answers.createResourceGroup,
    name: answers.name,
    region: answers.region,
    sku:
      answers.tier === 'PerGB2018' ? { name: 'PerGB2018' } : { name: 'CapacityReservation', gbPerDay: answers.level },
    retentionDays: answers.retentionDays,
    tags: answers.tags,
    ...(answers.dailyCapGb === undefined ? {} : { dailyCapGb: answers.dailyCapGb }),
    ...(answers.recoverRegion ? { recover: true } : {}),
  };
}

/** Empty is no cap. */
export function validateCapText(text: string): string | undefined {
  return text.trim() === '' ? undefined : validateDailyCap(Number(text));
}
/** Why the text is no tags, or none that Azure takes. */
export function validateTagText(text: string): string | undefined {
  const parsed = parseTags(text);
  return parsed.ok ? validateTags(parsed.tags) : parsed.message;
}

function at(state: Partial<CreateAnswers>): Pick<SubscriptionChoice, 'account' | 'issuer' | 'subscription'> {
  const { account, issuer, subscription } = state.place!;
  return { account, issuer, subscription };
}
