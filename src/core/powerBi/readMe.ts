import type { Fact } from './facts.ts';
import { BY_SIGN_IN } from './roles.ts';
import type { PowerBiSource } from './sharedQueries.ts';

const SIGN_IN: Readonly<Record<PowerBiSource['kind'], string>> = {
  lake: 'The machine that refreshes must see the folder of the lake: set the parameter `LakeFolder`. In the Power BI service that takes a gateway. Times outside 1678 to 2262 are empty.',
  logAnalytics:
    'Sign in with an organizational account that may read the workspace, when Power BI asks for the credentials of the query API. An answer that the service cut (500,000 rows or 64 MB at once) fails the refresh and loads nothing: set the parameter `HoursAtOnce` to less.',
  dataExplorer:
    'Sign in with an organizational account that may read the database. An answer that is too large is refused by the cluster: set the parameter `HoursAtOnce` to less.',
};

/** What people need to know to use a project, as Markdown. */
export function readMe(
  base: string,
  source: PowerBiSource,
  facts: readonly Fact[],
  customers: readonly string[],
): string {
  const owned = facts.some(({ customer }) => customer);
  const unowned = facts.filter(({ customer }) => !customer);
  const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;
  return [
    `# ${base}`,
    '',
    `Open ${code(`${base}.pbip`)} in Power BI Desktop. The files hold no rows and no secrets.`,
    '',
    '## Refresh',
    '',
    SIGN_IN[source.kind],
    '',
    'The parameter `Days` says how many days are read, today among them. Days and times are UTC. A decimal has 15 digits, a timespan is a number of seconds, and a value of type dynamic is the text of its JSON.',
    '',
    '## Tables',
    '',
    ...facts.map(
      ({ name, rollup }) => `- ${code(name)}: the ${rollup.table.kind} ${code(rollup.table.id)}, each row once`,
    ),
    '',
    ...(owned
      ? rolesText(
          unowned.map(({ name }) => code(name)),
          customers.length,
        )
      : []),
  ].join('\n');
}

function rolesText(unowned: readonly string[], chosen: number): string[] {
  return [
    '## Who sees which customer',
    '',
    'Whoever may edit the model sees everything. Give readers a role (Security of the semantic model, in the service):',
    '',
    `- \`${BY_SIGN_IN}\`: rows of the customers that the table \`Access\` has beside the sign-in name of the reader. It is empty, so nobody sees anything: open its query and enter a row for each customer and user, for example \`#table(type table [Customer = text, User = text], {{"Contoso", "ann@contoso.com"}})\`, or let it read a list of yours.`,
    ...(chosen > 0 ? ['- a role for each customer that was named when the project was made.'] : []),
    '',
    'Names of customers are compared as Power BI compares texts: capital and small letters are one.',
    ...(unowned.length > 0
      ? ['', `The groups of ${unowned.join(', ')} are of several customers together: in these roles nobody sees them.`]
      : []),
    '',
  ];
}
