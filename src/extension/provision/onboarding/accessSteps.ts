import { OFFER_ROLES } from '../../../core/onboard/offerRoles.ts';
import type { Estate } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { ComingAccess } from '../../../model/onboarding.ts';
import type { ComingView } from '../../../protocol/onboarding.ts';
import type { PickItem } from '../pickItems.ts';
import { BACK, askPick, askText } from '../wizard.ts';
import type { WizardStep } from '../wizard.ts';
import { managerItems } from './managerItems.ts';
import { guestsWord, guidWord, readGuests } from './onboardAnswers.ts';
import type { OnboardAnswers } from './onboardAnswers.ts';

type Step = WizardStep<OnboardAnswers>;

const ACCESS: readonly PickItem<ComingAccess>[] = [
  {
    label: 'Azure Lighthouse',
    detail: 'One sign-in for all customers: their logs, workspaces and settings. The customer deploys a template once',
    value: 'lighthouse',
  },
  {
    label: 'Guests',
    detail: 'Each of your people is invited, and signs in to the customer’s tenant with their own second factor',
    value: 'guest',
  },
  {
    label: 'Service principal',
    detail: 'Your application, with the consent of the customer’s administrator by a link',
    value: 'servicePrincipal',
  },
];

/** Roles that make a workspace by a delegation, the wider one first. */
const ROLES: Readonly<Record<string, string>> = {
  Contributor: 'Makes resource group and workspace; needed for the whole flow',
  'Log Analytics Contributor': 'The customer makes the resource group, and registers the provider',
};

/** How we are to be let in, and what that needs: an offer where the file has none, addresses, or an application. */
export function accessSteps(estate: Estate, { defaults, offers }: ComingView): readonly Step[] {
  const skipUnless =
    (access: ComingAccess, unless = true) =>
    (state: Partial<OnboardAnswers>): boolean =>
      state.chosen !== 'new' || !unless || state.access !== access;
  const managers = managerItems(estate);
  const ofOffer = { skip: skipUnless('lighthouse', !offers) };

  const access: Step = {
    skip: ({ chosen }) => chosen !== 'new',
    ask: async (state, frame) => {
      const ready = state.access ?? defaults.access ?? 'lighthouse';
      const choice = await askPick(frame, { placeholder: 'How the customer lets us in', items: ACCESS, ready });
      return choice === BACK || !choice ? choice : { access: choice.value };
    },
  };

  const managedBy: Step = {
    ...ofOffer,
    ask: async (state, frame) => {
      const home = estate.accounts
        .map(({ homeTenant }) => homeTenant)
        .find((id) => id !== undefined && managers.own.some(({ value }) => value === id));
      const choice = await askPick<TenantId | undefined>(frame, {
        placeholder: 'Your own tenant, which will manage',
        items: managers.own,
        ready: state.otherManager === true ? undefined : (state.managedBy ?? home),
      });
      if (choice === BACK || !choice) return choice;
      if (choice.value === undefined) return { otherManager: true };
      return { otherManager: false, managedBy: choice.value };
    },
  };

  const otherManager: Step = {
    skip: (state) => ofOffer.skip(state) || state.otherManager !== true,
    ask: async (state, frame) => {
      const choice = await askPick(frame, {
        placeholder: 'The tenant that will manage: it must be one of yours',
        items: managers.others,
        ready: state.managedBy,
      });
      return choice === BACK || !choice ? choice : { managedBy: choice.value };
    },
  };

  const offerName: Step = {
    ...ofOffer,
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Name of the offer',
        prompt: 'Name of your offer of Azure Lighthouse, as every customer reads it',
        value: state.offerName ?? 'Managed logs',
        word: (text) =>
          text.trim() === ''
            ? { kind: 'wrong', text: 'Write a name.' }
            : { kind: 'right', text: 'Deploying an offer of the same name again changes it.' },
      });
      return answer === BACK || !answer ? answer : { offerName: answer.text };
    },
  };

  const principalId: Step = {
    ...ofOffer,
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Object ID of the group',
        prompt: 'Object ID of your group in Microsoft Entra ID that is let in: better a group than a person',
        ...(state.principalId === undefined ? {} : { value: state.principalId }),
        word: (text) => guidWord(text, 'The object ID'),
      });
      return answer === BACK || !answer ? answer : { principalId: answer.text.toLowerCase() };
    },
  };

  const principalName: Step = {
    ...ofOffer,
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Name of the group',
        prompt: 'What that group is called, as the customer reads it',
        value: state.principalName ?? 'Operations',
        word: (text) =>
          text.trim() === ''
            ? { kind: 'wrong', text: 'Write a name.' }
            : { kind: 'right', text: 'It stands in the offer beside the role.' },
      });
      return answer === BACK || !answer ? answer : { principalName: answer.text };
    },
  };

  const role: Step = {
    ...ofOffer,
    ask: async (state, frame) => {
      const items = OFFER_ROLES.filter(({ name }) => ROLES[name] !== undefined).map((one) => ({
        label: one.name,
        detail: ROLES[one.name]!,
        value: one,
      }));
      const ready = items.find(({ value }) => value.id === state.role?.id)?.value ?? items[0]?.value;
      const choice = await askPick(frame, {
        placeholder: 'Its role. The right to end the delegation goes with it',
        items,
        ready,
      });
      return choice === BACK || !choice ? choice : { role: choice.value };
    },
  };

  const guests: Step = {
    skip: skipUnless('guest'),
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Guests',
        prompt: 'Addresses of your people, apart by commas',
        value: (state.guests ?? defaults.guests ?? []).join(', '),
        word: guestsWord,
      });
      return answer === BACK || !answer ? answer : { guests: readGuests(answer.text) };
    },
  };

  const application: Step = {
    skip: skipUnless('servicePrincipal'),
    ask: async (state, frame) => {
      const answer = await askText(frame, {
        field: 'Client ID of the application',
        prompt: 'Client ID of your application',
        value: state.application ?? defaults.application ?? '',
        word: (text) => guidWord(text, 'The client ID'),
      });
      return answer === BACK || !answer ? answer : { application: answer.text.toLowerCase() };
    },
  };

  return [access, managedBy, otherManager, offerName, principalId, principalName, role, guests, application];
}
