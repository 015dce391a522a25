import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import { sinkContract } from '../rollup/sinkContract.ts';
import { openCentre } from './centreEstate.ts';

for (const ingestion of ['queued', 'streaming'] as const)
  sinkContract(`Azure Data Explorer, ${ingestion}`, async () => {
    const centre = await openCentre();
    const { small, emulator, connection } = centre;
    const sink = centre.sink(ingestion);
    const account = `test:${small.engineer.username}`;
    return {
      sink,
      // Through the function of the centre, as everybody else reads it.
      rowsOf: async (table, customer) => {
        const issuer = { account, tenant: small.provider.tenantId } as never;
        const door = await connection.clients.dataExplorer(issuer, emulator.url);
        const where = customer === undefined ? '' : `| where _Customer == ${JSON.stringify(customer)} `;
        const query = `${sink.rowsOnce(table)} ${where}| sort by N asc`;
        const { rows } = await door.ask('central', query, AbortSignal.timeout(30_000));
        return rows.map((row) => row.slice(ROLLUP_COLUMNS.length));
      },
      close: centre.close,
    };
  });
