import type { ManagedOffer } from '../../model/onboarding.ts';
import { lighthouseLimit } from '../access/lighthouseLimits.ts';
import { templateText } from '../changes/export.ts';
import { escapeUnseen } from '../../base/visibleText.ts';
import { DELEGATION_DELETE_ROLE } from './offerRoles.ts';

/** The version that every sample of the service uses; authorizations that are activated first want a later one. */
const VERSION = '2022-10-01';
const NAMESPACE = 'Microsoft.ManagedServices';

/** Names (GUIDs) of an offer's two resources. */
export interface OfferNames {
  readonly definition: string;
  readonly assignment: string;
}

/** What of an offer Azure would refuse, and what would make trouble later, each as a sentence. */
export function checkOffer({ authorizations }: ManagedOffer): {
  readonly refused: readonly string[];
  readonly warnings: readonly string[];
} {
  const refused = authorizations.flatMap(({ role, name }) => {
    // An offer of ours names no roles to be given on, so the way round is the customer's alone.
    const limit = lighthouseLimit({ action: 'offerRole', role });
    return limit.allowed
      ? []
      : [
          `The offer for ${name}: ${limit.reason} Leave it out; where it is needed, an Owner of the customer's own tenant gives it to a guest, or to an identity there.`,
        ];
  });
  const ends = authorizations.some(({ role }) => role.id === DELEGATION_DELETE_ROLE);
  return {
    refused,
    warnings: ends
      ? []
      : [
          'Nobody gets Managed Services Registration assignment Delete Role by this offer: only the customer will be able to end it.',
        ],
  };
}

/**
 * The offer and its acceptance as a template for `az deployment sub create`, for a subscription or, with
 * `resourceGroup`, one group of it. Whoever deploys it has to be of the customer's tenant (no guest), with the right to
 * give roles: Owner. Names are written out, so that it is the same offer whoever deploys it, and a second deployment
 * changes it.
 */
export function offerTemplate(offer: ManagedOffer, names: OfferNames, resourceGroup?: string): string {
  const acceptance = {
    type: `${NAMESPACE}/registrationAssignments`,
    apiVersion: VERSION,
    name: names.assignment,
    properties: {
      registrationDefinitionId: `[subscriptionResourceId('${NAMESPACE}/registrationDefinitions', '${names.definition}')]`,
    },
  };
  const dependsOn = [`[subscriptionResourceId('${NAMESPACE}/registrationDefinitions', '${names.definition}')]`];
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: `${NAMESPACE}/registrationDefinitions`,
        apiVersion: VERSION,
        name: names.definition,
        properties: templateProperties(offer),
      },
      resourceGroup === undefined
        ? { ...acceptance, dependsOn }
        : {
            type: 'Microsoft.Resources/deployments',
            apiVersion: '2021-04-01',
            name: 'acceptOffer',
            resourceGroup,
            dependsOn,
            properties: {
              mode: 'Incremental',
              template: {
                $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
                contentVersion: '1.0.0.0',
                resources: [acceptance],
              },
            },
          },
    ],
  };
  return `${escapeUnseen(JSON.stringify(template, null, 2))}\n`;
}

/** What a PUT of the offer sends. */
export function offerProperties({ name, description, managedBy, authorizations }: ManagedOffer): object {
  return {
    registrationDefinitionName: name,
    description,
    managedByTenantId: managedBy,
    authorizations: authorizations.map((one) => ({
      principalId: one.principalId,
      principalIdDisplayName: one.name,
      roleDefinitionId: one.role.id,
    })),
  };
}

function templateProperties(offer: ManagedOffer): object {
  return offerProperties({
    ...offer,
    name: templateText(offer.name),
    description: templateText(offer.description),
    authorizations: offer.authorizations.map((one) => ({ ...one, name: templateText(one.name) })),
  });
}
