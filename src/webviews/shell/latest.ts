import { useRef } from './view.ts';

/** The value of the latest draw, for listeners that outlive the draw that made them. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
