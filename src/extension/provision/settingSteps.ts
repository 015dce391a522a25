import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { capWord, readGb, tagsWord } from '../../core/provision/fieldWords.ts';
import type { RetentionContext } from '../../core/provision/fieldWords.ts';
import { regionChoices } from '../../core/provision/regionChoices.ts';
import { COMMITMENT_LEVELS, RETENTION_DAYS } from '../../core/provision/rules.ts';
import { parseTags, printTags } from '../../core/provision/tagText.ts';
import type { Estate } from '../../model/estate.ts';
import type { Worker } from '../platform/dataWorker.ts';
import { at } from './createAnswers.ts';
import type { CreateAnswers, CreateDefaults } from './createAnswers.ts';
import { regionItems, retentionItems, typedRetention } from './pickItems.ts';
import type { PickItem } from './pickItems.ts';
import { BACK, askPick, askText } from './wizard.ts';
import type { StepFrame, WizardStep } from './wizard.ts';

type Step = WizardStep<CreateAnswers>;

/** The steps of what a new workspace is like: region, tier, retention, cap, tags. */
export function settingSteps(worker: Worker, estate: Estate, defaults: CreateDefaults): readonly Step[] {
  const { proposed } = defaults;

  const region: Step = {
    skip: (state) => Boolean(state.recoverRegion),
    ask: async (state, frame) => {
      const choices = worker.request('provision.locations', at(state)).then((all) =>
        regionChoices(all, estate, state.place!.customer, {
          proposed: proposed?.region,
          group: state.groupRegion,
          preferred: defaults.region,
        }),
      );
      const choice = await askPick<string>(frame, {
        placeholder: 'Region, where the logs will be kept',
        items: choices.then(regionItems),
        ready: choices.then(({ ready }) => state.region ?? ready),
        hint: choices.then(({ missing }) =>
          missing.length > 0 ? `Declared, but not to be had in this subscription: ${missing.join(', ')}` : undefined,
        ),
      });
      return choice === BACK || !choice ? choice : { region: choice.value };
    },
  };

  const tier: Step = {
    ask: async (state, frame) => {
      const items: readonly PickItem<CreateAnswers['tier']>[] = [
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
      const choice = await askPick(frame, { placeholder: 'Pricing tier', items, ready: state.tier });
      return choice === BACK || !choice ? choice : { tier: choice.value };
    },
  };

  const level: Step = {
    skip: (state) => state.tier !== 'CapacityReservation',
    ask: async (state, frame) => {
      const items = COMMITMENT_LEVELS.map((value) => ({ label: `${value.toLocaleString('en-US')} GB a day`, value }));
      const choice = await askPick(frame, { placeholder: 'How much is committed', items, ready: state.level });
      return choice === BACK || !choice ? choice : { level: choice.value };
    },
  };

  const retention: Step = {
    ask: async (state, frame) => {
      const { customer } = state.place!;
      const index = EstateIndex.of(estate);
      const context = {
        declared: index.customers.get(customer)?.declared,
        customer: index.customerName(customer),
      };
      const choice = await askRetention(frame, context, {
        proposed: proposed?.days,
        ready: Math.min(
          state.retentionDays ?? proposed?.days ?? context.declared?.retentionDays ?? defaults.retentionDays,
          RETENTION_DAYS.most,
        ),
        preferred: defaults.retentionDays,
      });
      return choice === BACK || !choice ? choice : { retentionDays: choice.value };
    },
  };

  const cap: Step = {
    ask: async (state, frame) => {
      const answer = await askCap(frame, state.dailyCapGb);
      return answer === BACK || !answer ? answer : { dailyCapGb: readGb(answer.text) };
    },
  };

  const tags: Step = {
    ask: async (state, frame) => {
      const answer = await askTags(frame, 'Tags, such as env=prod, owner=ops', state.tags ?? defaults.tags);
      if (answer === BACK || !answer) return answer;
      const parsed = parseTags(answer.text);
      return { tags: parsed.ok ? parsed.tags : {} };
    },
  };

  return [region, tier, level, retention, cap, tags];
}

/** Asks for days of retention: one of the usual, or any number that is typed and that the service allows. */
export function askRetention(
  frame: StepFrame,
  context: RetentionContext,
  days: { readonly ready: number; readonly proposed?: number | undefined; readonly preferred?: number },
): Promise<PickItem<number> | typeof BACK | undefined> {
  const items = retentionItems(context, [
    { days: days.proposed, why: 'proposed' },
    { days: days.preferred, why: 'your default' },
  ]);
  return askPick(frame, {
    placeholder: 'Retention in days: choose, or type any number from 30 to 730',
    items,
    ready: days.ready,
    typed: (text) => typedRetention(text, context, items),
  });
}

/** Asks for a daily cap in GB; `readGb` reads the answer. */
export function askCap(frame: StepFrame, now: number | undefined): ReturnType<typeof askText> {
  return askText(frame, {
    field: 'Daily cap',
    prompt: 'Daily cap in GB',
    ...(now === undefined ? {} : { value: String(now) }),
    word: capWord,
    optional: true,
  });
}

/** Asks for all tags; `parseTags` reads the answer. */
export function askTags(
  frame: StepFrame,
  prompt: string,
  now: Readonly<Record<string, string>>,
): ReturnType<typeof askText> {
  return askText(frame, { field: 'Tags', prompt, value: printTags(now), word: tagsWord, optional: true });
}
