import { AppError } from '../base/errors.ts';
import type { AlertEnds } from '../app/alerts.ts';
import type { OpenedRollups } from '../app/rollups.ts';
import type { OpenedRuns } from '../app/runs.ts';
import type { OutputDiff } from '../core/rollup/outputDiff.ts';
import type { CentralAlerts } from '../core/alerts/central/centralAlerts.ts';
import type { RollupService } from '../core/rollup/rollupService.ts';
import type { Services } from '../app/services.ts';
import { customersOf } from '../core/customers/customersTexts.ts';
import { removePath } from '../engine/replaceFile.ts';
import { networkOfEnvironment } from '../model/network.ts';
import type { RollupTable } from '../model/rollup.ts';
import { placesOf } from './centres/centresOption.ts';
import { findTokens, readConnection } from './connection.ts';
import type { Values } from './command.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';
import { makeTemporaryFolder } from './temporaryFolder.ts';
import { VERSION } from './version.ts';

/**
 * The services with the command line's own ends: options and environment. A wrong entry of the customers file is told
 * and costs only itself; a file that is no JSON ends the command (`input.customers`), for a scope could mean more than
 * it says. What speaks to Azure loads here, not with the program.
 */
export async function openAzure(values: Values, terminal: Pick<Terminal, 'say'>): Promise<Services> {
  const connection = await readConnection(values, process.env);
  const { file, customers, foundCustomers } = connection;
  // It decides which tenant is called what, and so whom a scope means.
  if (customers && foundCustomers) terminal.say(safeText(`Customers as ${customers.label} names them.`));
  const source = customersOf(customers ? [customers] : []);
  for (const { file: path, line, message, unreadable } of (await source.load()).problems) {
    if (unreadable)
      throw new AppError(
        'input.customers',
        `${path}:${line}: ${message} The customers file was not read whole, so "except" could leave out too few. Nothing was sent; mend the file.`,
      );
    terminal.say(safeText(`${path}:${line}: ${message}`));
  }
  const { Services } = await import('../app/services.ts');
  const services = new Services({
    cloud: file.cloud,
    version: VERSION,
    tokens: await findTokens(connection, process.env),
    customers: source,
    network: networkOfEnvironment(process.env),
  });
  sayUnshared(services, terminal);
  return services;
}

/** Says what is called shared and is not there: rows of several customers could go by the name of its owner. */
function sayUnshared({ estate }: Services, terminal: Pick<Terminal, 'say'>): void {
  const told = new Set<string>();
  estate.onDidChange(({ problems }) => {
    for (const { error } of problems) {
      // What has a line is told as the file is read.
      if (error.code !== 'input.customersFile' || error.data?.['line'] !== undefined || told.has(error.message))
        continue;
      told.add(error.message);
      terminal.say(safeText(`${error.message} Mend "shared" in the customers file.`));
    }
  });
}

/** Runs with their rows in a folder of their own, gone with the program. Rejects with `engine.disk`. */
export async function openRuns(
  azure: Services,
): Promise<Omit<OpenedRuns, 'ready' | 'prepare'> & { readonly directory: string }> {
  const app = await import('../app/runs.ts');
  const directory = await makeTemporaryFolder('tenantscope-', 'Nothing was sent.');
  const { runs, schema, close } = app.openRuns(azure, { directory, memoryLimitMb: 512, persist: false });
  return {
    runs,
    schema,
    directory,
    close: async () => {
      await close();
      await removePath(directory);
    },
  };
}

/**
 * Roll-ups into the centres of these sinks (all that are known where none are given). What only looks at a lake and the
 * state in it asks nobody to sign in.
 */
export async function openRollups(
  values: Values,
  terminal: Terminal,
  sinks?: readonly string[],
  given?: () => Promise<Services>,
): Promise<OpenedRollups> {
  const places = await placesOf(values, terminal, sinks);
  const isLocal = !places.state && places.centres.every(({ kind }) => kind === 'lake');
  const azure = given ? await given() : isLocal ? undefined : await openAzure(values, terminal);
  const app = await import('../app/rollups.ts');
  try {
    const opened = await app.openRollupsAt(azure, places);
    return {
      ...opened,
      close: async () => {
        await opened.close();
        azure?.dispose();
      },
    };
  } catch (thrown) {
    azure?.dispose();
    throw thrown;
  }
}

/** Alerts that are evaluated here, with their runs in a folder of their own and their state in a lake. */
export async function openCentralAlerts(
  azure: Services,
  ends: Omit<AlertEnds, 'runs'>,
): Promise<{ readonly alerts: CentralAlerts; close(): Promise<void> }> {
  const { openAlerts } = await import('../app/alerts.ts');
  const { runs, close } = await openRuns(azure);
  return { alerts: openAlerts(azure, { ...ends, runs }), close };
}

/** Roll-ups that are read and stored nowhere. */
export async function openDryRollups(azure: Services, sinks: readonly string[]): Promise<RollupService> {
  const app = await import('../app/rollups.ts');
  return app.openDryRollups(azure, sinks);
}

/** What is stored under the name of a roll-up in a lake, against what it would bring now. */
export async function diffInLake(lake: string, table: RollupTable): Promise<OutputDiff | undefined> {
  return (await import('../app/rollups.ts')).diffInLake(lake, table);
}
