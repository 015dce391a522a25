import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Services } from '../app/services.ts';
import { AppError } from '../base/errors.ts';
import type { Handlers } from '../base/rpc.ts';
import { resolveScope } from '../core/estate/scope.ts';
import type { CentreWriter } from '../core/centre/roleAssignmentHandler.ts';
import type { LogAnalyticsCentre } from '../model/centre.ts';
import type { Cloud } from '../model/cloud.ts';
import type { RollupDefinition } from '../model/rollup.ts';
import type { CentresContract, CentreWriterWish } from '../protocol/centres.ts';
import type { RollupDesk } from './rollupDesk.ts';
import { definitionOf } from './rollupHandlers.ts';

/** What centres need of a session. */
interface CentreSession {
  readonly desk: RollupDesk;
  readonly azure: Pick<Services, 'centres' | 'runners' | 'estate'>;
  readonly cloud: Cloud;
  readonly version: string;
}

/** Centres of the open folders: what the person approved, what is made for them, and what is made over them. */
export function centreHandlers(live: () => CentreSession): Handlers<CentresContract> {
  const countOf = async (definition: RollupDefinition): Promise<number> =>
    resolveScope(definition.scope, await live().azure.estate.load()).workspaces.length;
  return {
    'centres.approve': async (approval) => {
      await live().desk.centres.approve(approval);
      return null;
    },
    'centres.of': async (file) => {
      const { sinks } = await definitionOf(file);
      const { centres } = await live().desk.centres.of(file.path);
      return sinks.map((name) => ({ name, kind: centres.find((one) => one.name === name)?.kind ?? 'lake' }));
    },
    'centres.plan': async ({ writer, ...file }, signal) => {
      const definition = await definitionOf(file);
      const { desk, azure } = live();
      const { sinks } = definition;
      const { centres } = await desk.centres.of(file.path);
      const workspaces = (): Promise<number> => countOf(definition);
      return desk.using({ path: file.path, sinks, workspaces }, async ({ rollups }) => {
        const table = await rollups.table(definition, signal);
        const made: { readonly centre: string; readonly plan?: Awaited<ReturnType<typeof azure.centres.plan>> }[] = [];
        for (const name of sinks) {
          const centre = centres.find((one) => one.name === name);
          if (centre?.kind !== 'logAnalytics') made.push({ centre: name });
          else {
            const who = await writerOf(writer, centre, azure);
            made.push({ centre: name, plan: await azure.centres.plan(table, centre, who) });
          }
        }
        return made;
      });
    },
    'centres.powerBi': async ({ files, centre: name, folder }) => {
      const { desk, azure, cloud } = live();
      const definitions = await Promise.all(files.map(definitionOf));
      const path = files[0]!.path;
      const { centres } = await desk.centres.of(path);
      const centre = name === desk.lake.name ? desk.lake : centres.find((one) => one.name === name);
      if (!centre) throw new AppError('input.centre', `There is no centre "${name.slice(0, 45)}".`);
      const { powerBiFiles, powerBiSource, writeProject } = await import('../app/powerBi.ts');
      const source = await powerBiSource(centre, cloud.logAnalytics, () => azure.estate.load());
      const project = await desk.using({ path, sinks: [name] }, ({ rollups }) =>
        powerBiFiles({ source, definitions, customers: [] }, rollups),
      );
      const to = await emptyFolder(folder, `${files.length === 1 ? definitions[0]!.name : name} Power BI`);
      await writeProject(to, project);
      return { folder: to, notes: project.notes };
    },
    'centres.runner': async ({ files, all, kind }, signal) => {
      const { desk, azure, version } = live();
      const rollups = await Promise.all(files.map(definitionOf));
      const path = files[0]!.path;
      const found = await desk.centres.of(path);
      if (kind !== 'logicApp') {
        const spec = { rollups, centres: found, all, version };
        const text =
          kind === 'github'
            ? (await import('../core/runners/githubActions.ts')).githubWorkflow(spec)
            : (await import('../core/runners/containerAppsJob.ts')).containerAppsJob(spec);
        return { text, notes: [] };
      }
      const [definition] = rollups;
      const { name, sinks } = definition!;
      const centre = found.centres.find((one) => one.name === sinks[0]);
      if (centre?.kind !== 'logAnalytics' || sinks.length > 1)
        throw new AppError(
          'input.runner',
          `No Logic App can be made. ${name}: It is stored in ${sinks.join(' and ').slice(0, 100)}, and a Logic App writes to one centre, of Log Analytics.`,
        );
      const workspaces = (): Promise<number> => countOf(definition!);
      return desk.using({ path, sinks, workspaces }, async (opened) => {
        const { spec } = await azure.runners.logicApp(opened.rollups, definition!, centre, signal);
        const [{ logicAppTemplate }, { limitsOf }] = await Promise.all([
          import('../core/runners/logicApp/logicApp.ts'),
          import('../core/runners/logicApp/limits.ts'),
        ]);
        return { text: logicAppTemplate(spec), notes: limitsOf(definition!) };
      });
    },
  };
}

async function writerOf(
  wish: CentreWriterWish,
  centre: LogAnalyticsCentre,
  azure: CentreSession['azure'],
): Promise<CentreWriter | undefined> {
  if (wish === 'nobody') return undefined;
  if (wish === 'me') return azure.centres.signedIn(centre);
  return { principalId: wish.objectId, name: wish.objectId, principalType: 'ServicePrincipal' };
}

/** The folder where it is empty, else one of this name in it. */
async function emptyFolder(folder: string, name: string): Promise<string> {
  const there = await readdir(folder).catch(() => []);
  return there.length === 0 ? folder : join(folder, name);
}
