import type { ScalarFunction } from './contract.ts';
import { argument, scalar } from './define.ts';

/** Where an address is, by the file of places the engine was opened with. */
export const geoAddressFunctions: readonly ScalarFunction[] = scalar('geo_info_from_ip_address', (args, ctx) => {
  const { places } = ctx;
  if (!places)
    return ctx.refuse(
      'geo_info_from_ip_address() without a database of addresses',
      'Name a GeoLite2, GeoIP2 or DB-IP file (.mmdb): --geo-db FILE, or geoDatabase where the engine is opened.',
    );
  return ctx.js(
    {
      name: 'kql_geo_info_from_ip_address',
      params: ['VARCHAR'],
      returns: 'VARCHAR',
      load: () => places.load(),
      call: (address) => places.find(String(address ?? '')),
    },
    ctx.convert(argument(args, 0, ctx), 'string').sql,
  );
});
