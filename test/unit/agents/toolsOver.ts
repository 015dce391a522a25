import { LocalSignal } from '../../../src/base/rpc.ts';
import { callTool } from '../../../src/core/agents/callTool.ts';
import type { AgentCall, AgentWorld } from '../../../src/core/agents/agentWorld.ts';
import type { RunWorld } from '../../../src/core/runs/runWorld.ts';
import { writeAnswer } from '../../../src/core/agents/writeAnswer.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { mergeSchemas } from '../../../src/kql/scopeSchema.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toWorkspaceKey } from '../../../src/model/ids.ts';
import type { RunRequest } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { estateOf, failure, runWorld } from '../runs/world.ts';

type Told = Record<string, unknown> & { readonly rows: readonly (readonly unknown[])[] };

/** `count` workspaces whose ids are those of Resource Manager. */
export const estateWithIds = (count: number, change: (estate: Estate) => Estate = (estate) => estate): Estate =>
  change(
    estateOf(count, (workspace, index) => {
      const armId = `/subscriptions/s/ws/${index + 1}`;
      return { ...workspace, armId, key: toWorkspaceKey(armId) };
    }),
  );

/** The tools over a world of runs that is written by hand; `call` plays a call to its end. */
export function toolsOver(
  script: Parameters<typeof runWorld>[0],
  estate: Estate,
  {
    keepsRuns = false,
    schemas = new Map<string, SourceSchema>(),
    functions = {},
    audits,
  }: {
    readonly audits?: NonNullable<RunWorld['audits']>;
    readonly keepsRuns?: boolean;
    readonly schemas?: ReadonlyMap<string, SourceSchema>;
    /** Bodies of stored functions by name, of each workspace; null of one that does not tell. */
    readonly functions?: Readonly<Record<string, Readonly<Record<string, string>> | null>>;
  } = {},
) {
  const world = runWorld(script, estate, {
    readQuery: (query) => analyzeQuery(query),
    ...(audits ? { audits } : {}),
  });
  const asked: string[] = [];
  const requests: RunRequest[] = [];
  const { service } = world;
  const [start, explain] = [service.start.bind(service), service.explain.bind(service)];
  service.start = (request, signal) => {
    requests.push(request);
    return start(request, signal);
  };
  service.explain = (request, signal) => {
    requests.push(request);
    return explain(request, signal);
  };
  const tools: AgentWorld = {
    estate: { load: async () => estate },
    runs: async () => world.service,
    readQuery: (query) => analyzeQuery(query),
    keepsRuns,
    schemas: {
      ofWorkspaces: async (keys) =>
        new Map(
          keys.map((key) => [
            key,
            functions[key] === null
              ? { ok: false, error: failure('access.denied', 'You may not.').toData() }
              : {
                  ok: true,
                  value: {
                    tables: [],
                    functions: Object.entries(functions[key] ?? {}).map(([name, body]) => ({
                      name,
                      parameters: '',
                      body,
                    })),
                  },
                },
          ]),
        ),
      forScope: async (keys) => {
        asked.push(...keys);
        const told = keys.flatMap((key) => schemas.get(key) ?? []);
        return {
          merged: mergeSchemas(told),
          problems: keys
            .filter((key) => !schemas.has(key))
            .map((workspace) => ({ workspace, error: failure('access.denied', 'You may not.').toData() })),
          completeness: {
            asked: keys.length,
            answered: told.length,
            complete: told.length === keys.length,
            missing: [],
            sentence: `${told.length} of ${keys.length} workspaces answered`,
          },
        };
      },
    },
  };
  const call = async (name: string, input: object, more: Partial<AgentCall> = {}): Promise<Told> => {
    const work = callTool(tools, name, input, { scope: EVERYTHING, signal: new LocalSignal(), ...more });
    return JSON.parse(writeAnswer(await world.clock.run(work))) as Told;
  };
  return { ...world, asked, requests, call };
}
