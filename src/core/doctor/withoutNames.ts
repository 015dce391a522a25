import type { Check, CheckNames, Diagnosis } from '../../model/diagnosis.ts';

/** The order of a name among those of its kind: the same person or tenant has the same number everywhere. */
type Numbers = Record<keyof CheckNames, Map<string, number>>;

/**
 * A diagnosis that can be handed on: accounts, tenants, workspaces and hosts are numbers, and what an error says in
 * words of its own is left out; its code and the next step stay.
 */
export function withoutNames(diagnosis: Diagnosis): Diagnosis {
  const numbers: Numbers = {
    account: new Map(),
    tenant: new Map(),
    workspace: new Map(),
    host: new Map(),
    proxy: new Map(),
  };
  return {
    ...diagnosis,
    cloud: /^(public|usGovernment|china|emulator)$/.test(diagnosis.cloud) ? diagnosis.cloud : 'custom',
    checks: diagnosis.checks.map(({ message: _said, names, ...check }): Check => {
      const kinds = Object.keys(names) as (keyof CheckNames)[];
      return {
        ...check,
        names: Object.fromEntries(kinds.map((kind) => [kind, `${kind} ${numberOf(numbers[kind], names[kind]!)}`])),
      };
    }),
  };
}

function numberOf(known: Map<string, number>, name: string): number {
  const number = known.get(name) ?? known.size + 1;
  known.set(name, number);
  return number;
}
