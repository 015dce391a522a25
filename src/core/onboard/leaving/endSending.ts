import type { CancelSignal } from '../../../base/cancel.ts';
import type { CollectionRule } from '../../../model/assessment/facts.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { AssessPort } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { SendingPort } from '../../../ports/leaving.ts';
import { findSettings } from '../../access/block/findSettings.ts';
import type { FoundSetting, SettingsWorld } from '../../access/block/findSettings.ts';
import { readCollection } from '../../access/block/readCollection.ts';
import { distinctIssuers } from '../../assess/measure/sight.ts';
import type { WantedAssociation } from '../../baseline/handlers/collectionAssociationHandler.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import { wantSendingEnd } from '../sendingEndHandler.ts';
import type { Leaving, LeavingNotes } from './leavingNotes.ts';

/** What is asked about what sends. */
export interface SendingWorld extends SettingsWorld {
  readonly assess: Pick<AssessPort, 'graph'>;
  readonly sending: Pick<SendingPort, 'sending'>;
}

/** Settings and rules of the customer, and of those that end (by their ARM ids in lower case) what they are whole. */
export interface FoundSenders {
  readonly settings: readonly FoundSetting[];
  readonly rules: readonly CollectionRule[];
  readonly definitions: ReadonlyMap<string, object>;
}

/** Notes what ends so that nothing of the customer's is sent to workspaces of others in the estate. */
export async function endSending(
  leaving: Leaving,
  world: SendingWorld,
  notes: LeavingNotes,
  signal: CancelSignal,
): Promise<FoundSenders> {
  const { estate, customer } = leaving;
  const definitions = new Map<string, object>();
  const whoseIs = new Map(estate.workspaces.map((one) => [one.key as string, one.customer]));
  /** Those of others; whose one is nobody here knows, it is told. */
  const foreign = (workspaces: readonly string[], called: string): readonly string[] =>
    workspaces.filter((id) => {
      const goesTo = whoseIs.get(id);
      // It may be the customer's own, where we see nothing: that is for its people to say.
      if (goesTo === undefined) notes.unseen.push(`whose ${id} is, to which ${called} sends: it stays`);
      return goesTo !== undefined && goesTo !== customer.key;
    });
  const settings = await findSettings(leaving, world, notes, signal);
  for (const { armId, name, called, issuer, workspace } of settings) {
    const words = `diagnostic setting ${name} of ${called}`;
    const targets = foreign([workspace], `${name} of ${called}`);
    if (targets.length > 0)
      await end(world, notes, { issuer, armId, called: words, targets, after: [], definitions }, signal);
  }
  const tenants = new Set(estate.tenants.filter((one) => one.customer === customer.key).map(({ id }) => id));
  const beside = distinctIssuers(
    estate.workspaces
      .filter((one) => one.customer !== customer.key)
      .flatMap(({ paths }) => paths.map(({ account, issuer }): Issuer => ({ account, tenant: issuer }))),
  );
  const { rules, associations, problems } = await readCollection(estate, customer, beside, world.assess, signal);
  for (const { error } of problems) notes.unseen.push(`data collection rules: ${error.message}`);
  const ends = new Map<string, readonly string[]>();
  for (const rule of rules.values()) {
    const own = tenants.has(rule.tenant);
    if (own || associations.some((one) => one.rule === rule.id))
      ends.set(rule.id, foreign(rule.workspaces, lastOf(rule.id)));
  }
  const followers = new Map<string, string[]>();
  for (const one of associations) {
    const rule = rules.get(one.rule);
    if (!rule) {
      notes.unseen.push(`where rule ${lastOf(one.rule)} sends, which ${lastOf(one.machine)} follows`);
      continue;
    }
    const targets = ends.get(rule.id) ?? [];
    const whole = targets.length === rule.workspaces.length;
    // A rule of theirs that sends elsewhere, too, is changed itself: its machines go on following it.
    if (targets.length === 0 || (tenants.has(rule.tenant) && !whole)) continue;
    if (!whole)
      notes.warnings.push(
        `${lastOf(rule.id)} is a rule of yours that sends to ${rule.workspaces.map(lastOf).join(', ')}: what ${lastOf(one.machine)} sends to all of them ends.`,
      );
    const intent = wantAssociationEnd(one.id);
    notes.add('sending', one.issuer, intent);
    followers.set(rule.id, [...(followers.get(rule.id) ?? []), intent.id]);
  }
  for (const rule of rules.values()) {
    const targets = ends.get(rule.id) ?? [];
    if (targets.length === 0 || !isOf(rule, tenants)) continue;
    const called = `data collection rule ${lastOf(rule.id)}`;
    const after = followers.get(rule.id) ?? [];
    await end(
      world,
      notes,
      { issuer: rule.issuer, armId: rule.id, called, targets, after, direct: rule.direct, definitions },
      signal,
    );
  }
  return { settings, rules: [...rules.values()].filter((rule) => isOf(rule, tenants)), definitions };
}

function isOf({ tenant }: { readonly tenant: TenantId }, tenants: ReadonlySet<TenantId>): boolean {
  return tenants.has(tenant);
}

interface Ending {
  readonly issuer: Issuer;
  readonly armId: string;
  readonly called: string;
  readonly targets: readonly string[];
  readonly after: readonly string[];
  readonly direct?: boolean;
  readonly definitions: Map<string, object>;
}

async function end(
  { sending }: Pick<SendingWorld, 'sending'>,
  notes: LeavingNotes,
  { issuer, armId, called, targets, after, direct, definitions }: Ending,
  signal: CancelSignal,
): Promise<void> {
  await notes.tryTo(called, async () => {
    const now = await sending.sending(issuer, armId, targets, signal);
    if (!now) return;
    definitions.set(armId.toLowerCase(), now.definition);
    notes.add(
      'sending',
      issuer,
      wantSendingEnd(
        armId,
        {
          called,
          workspaces: targets,
          ...(now.remaining ? { remaining: now.remaining } : {}),
          ...(direct ? { consequence: 'Programs that send by it are refused then' } : {}),
        },
        after,
      ),
    );
  });
}

/** The intent that a machine follows a rule no more, by the ARM id of its association. */
function wantAssociationEnd(id: string): Intent<WantedAssociation> {
  const machine = id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.insights/'));
  return {
    id: `association ${id.toLowerCase()}`,
    resource: 'collectionAssociation',
    target: id,
    wanted: { machine: lastOf(machine) },
  };
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
