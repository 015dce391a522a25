/** What a `Prefer` header asks for. */
export interface Preferences {
  /** Seconds the service may take; 180 unless asked for, never more than 600. */
  readonly wait: number;
  /** True where the caller said it: the answer then says `Preference-Applied`. */
  readonly waitAsked: boolean;
  readonly statistics: boolean;
  readonly render: boolean;
  readonly permissions: boolean;
  readonly dataSources: boolean;
}

/** The wishes of a Prefer header; what is not understood is passed over, as the service does. */
export function parsePrefer(header: string | undefined): Preferences {
  const parts = new Map(
    (header ?? '').split(',').map((part) => {
      const [name, value] = part.split('=', 2);
      return [(name ?? '').trim().toLowerCase(), (value ?? '').trim().replace(/^"|"$/g, '')] as const;
    }),
  );
  const yes = (name: string): boolean => parts.get(name)?.toLowerCase() === 'true';
  const asked = Number(parts.get('wait'));
  const waitAsked = parts.has('wait') && Number.isFinite(asked) && asked > 0;
  return {
    wait: waitAsked ? Math.min(600, asked) : 180,
    waitAsked,
    statistics: yes('include-statistics'),
    render: yes('include-render'),
    permissions: yes('include-permissions'),
    dataSources: yes('include-datasources'),
  };
}
