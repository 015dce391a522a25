/** Api-versions each resource type answers to, newest first; a type that is not here takes any well-formed version. */
const WORKSPACE = [
  '2025-07-01', '2025-02-01', '2023-09-01', '2022-10-01', '2021-12-01-preview', '2021-06-01', '2020-10-01', '2020-08-01', '2020-03-01-preview',
  '2017-04-26-preview', '2017-03-15-preview', '2017-03-03-preview', '2017-01-01-preview', '2015-11-01-preview', '2015-03-20',
];
const TABLES = [
  '2025-07-01', '2025-02-01', '2023-09-01', '2022-10-01', '2021-12-01-preview', '2021-06-01', '2020-10-01', '2020-08-01', '2020-03-01-preview',
  '2017-04-26-preview',
];
const RESOURCES = [
  '2025-04-01', '2025-03-01', '2024-11-01', '2024-07-01', '2024-03-01', '2023-07-01', '2022-09-01', '2022-01-01', '2021-04-01', '2021-01-01',
  '2020-10-01', '2020-08-01', '2020-06-01', '2019-10-01', '2019-09-01', '2019-08-01', '2019-07-01', '2019-05-10', '2019-05-01', '2019-03-01',
  '2018-11-01', '2018-09-01', '2018-08-01', '2018-07-01', '2018-05-01', '2018-02-01', '2018-01-01', '2017-08-01', '2017-06-01', '2017-05-10',
  '2017-05-01', '2016-09-01', '2016-07-01', '2016-06-01', '2016-02-01', '2015-11-01',
];
const SUBSCRIPTIONS = [
  '2022-12-01', '2022-09-01', '2022-06-01', '2022-05-01', '2022-03-01-preview', '2022-01-01', '2021-04-01', '2021-01-01', '2020-10-01', '2020-09-01',
  '2020-08-01', '2020-06-01', '2020-05-01', '2020-01-01', '2019-11-01', '2019-10-01', '2019-09-01', '2019-08-01', '2019-07-01', '2019-06-01',
  '2019-05-10', '2019-05-01', '2019-03-01', '2018-11-01', '2018-09-01', '2018-08-01', '2018-07-01', '2018-06-01', '2018-05-01', '2018-02-01',
  '2018-01-01', '2017-12-01', '2017-08-01', '2017-06-01', '2016-09-01', '2016-06-01', '2016-02-01', '2015-11-01', '2015-01-01', '2014-04-01',
];

export const API_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.OperationalInsights/workspaces': WORKSPACE,
  'Microsoft.OperationalInsights/deletedWorkspaces': [
    '2025-07-01', '2025-02-01', '2023-09-01', '2022-10-01', '2020-10-01', '2020-08-01', '2020-03-01-preview',
  ],
  'Microsoft.OperationalInsights/workspaces/tables': TABLES,
  'Microsoft.OperationalInsights/locations': WORKSPACE,
  'Microsoft.Resources/subscriptions': SUBSCRIPTIONS,
  'Microsoft.Resources/tenants': SUBSCRIPTIONS,
  'Microsoft.Resources/resourceGroups': RESOURCES,
  'Microsoft.Resources/deployments': RESOURCES,
  'Microsoft.ManagedServices/registrationAssignments': [
    '2022-10-01', '2022-01-01-preview', '2020-02-01-preview', '2019-09-01', '2019-06-01', '2019-04-01-preview', '2018-06-01-preview',
  ],
  'Microsoft.ManagedServices/registrationDefinitions': [
    '2022-10-01', '2022-01-01-preview', '2020-02-01-preview', '2019-09-01', '2019-06-01', '2019-04-01-preview', '2018-06-01-preview',
  ],
  'Microsoft.Insights/diagnosticSettings': ['2021-05-01-preview', '2017-05-01-preview', '2016-09-01', '2015-07-01'],
  'Microsoft.Authorization/roleAssignments': [
    '2022-04-01', '2022-01-01-preview', '2021-04-01-preview', '2020-10-01-preview', '2020-08-01-preview', '2020-04-01-preview', '2020-03-01-preview',
    '2018-09-01-preview', '2018-01-01-preview', '2017-10-01-preview', '2017-09-01', '2015-07-01',
  ],
  'Microsoft.ResourceGraph/resources': [
    '2024-04-01', '2022-10-01', '2021-03-01', '2021-06-01-preview', '2020-04-01-preview', '2019-04-01', '2018-09-01-preview',
  ],
};

const FORM = /^\d{4}-\d{2}-\d{2}(-(preview|alpha|beta|rc|privatepreview))?$/i;

type VersionProblem = 'missing' | 'malformed' | 'unsupported';

/** What is wrong with the api-version of a call on this type, if anything. */
export function versionProblem(type: string, version: string | undefined): VersionProblem | undefined {
  if (!version) return 'missing';
  if (!FORM.test(version)) return 'malformed';
  const known = API_VERSIONS[type];
  return known === undefined || known.includes(version.toLowerCase()) ? undefined : 'unsupported';
}
