import { queryOfRule } from '../../../kql/rollup/summaryRule.ts';
import { namesOfRule } from './summaryRules.ts';
import type { RuledRollup } from './summaryRules.ts';

/** The file of the roll-up that reads what the rules stored, in the place of the one they were made of. */
export function rollupOfRule({ definition, id, rule }: RuledRollup): string {
  const { rule: name, table } = namesOfRule(id);
  const { windowMinutes, latenessMinutes, everyMinutes, sinks, owner } = definition;
  return [
    `// Groups that the summary rule ${name} computed in each workspace; rows that came late are not in them.`,
    `// @name ${definition.name.slice(0, 40)}_Rule`,
    `// @window ${windowMinutes}m`,
    `// @lateness ${latenessMinutes}m`,
    `// @schedule every ${everyMinutes}m`,
    ...(owner === undefined ? [] : [`// @owner ${owner}`]),
    ...sinks.map((sink) => `// @sink ${sink}`),
    queryOfRule(rule, name, table),
  ].join('\n');
}
