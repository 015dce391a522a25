import type { Cloud } from '../../model/cloud.ts';
import type { ServiceEnd } from '../../model/diagnosis.ts';

/** A service of a cloud, with an address that it answers to anybody. */
export interface End {
  readonly service: ServiceEnd;
  readonly origin: string;
  readonly host: string;
  readonly url: string;
}

/** The services of a cloud that everything needs. */
export function endsOf(cloud: Cloud): readonly End[] {
  const end = (service: ServiceEnd, origin: string, path: string): End => ({
    service,
    origin,
    host: origin.replace(/^[a-z]+:\/\//, ''),
    url: `${origin}${path}`,
  });
  return [
    end('signIn', cloud.authority, '/organizations/v2.0/.well-known/openid-configuration'),
    end('resourceManager', cloud.resourceManager, '/metadata/endpoints?api-version=2022-09-01'),
    end('logAnalytics', cloud.logAnalytics, '/'),
  ];
}
