import type { PlanRequest } from './planParts.ts';

/** Path and query of a request, each name as a URL writes it. */
export function requestUrl({
  path,
  apiVersion,
  query = {},
}: Pick<PlanRequest, 'path' | 'apiVersion' | 'query'>): string {
  const asked = Object.entries({ 'api-version': apiVersion, ...query });
  return `${path.split('/').map(encodeURIComponent).join('/')}?${asked
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;
}
