import './shell.css';
import type { Contract } from '../../base/rpc.ts';
import { createAnnouncer } from './announce.tsx';
import { connectHost } from './channel.ts';
import type { PageHost } from './channel.ts';
import { showTextPlainly } from './shownText.ts';
import { render } from './view.ts';
import type { ComponentChild } from './view.ts';

/** What every page is given: its host, and a voice for screen readers. */
export interface PageProps<Host extends Contract> {
  readonly host: PageHost<Host>;
  readonly say: (text: string) => void;
}

/** Starts a page: connects it to its host and draws it, with its live region, in place of the whole body. */
export function startPage<Host extends Contract>(Page: (props: PageProps<Host>) => ComponentChild): void {
  showTextPlainly();
  const host = connectHost<Host>();
  const { say, Region } = createAnnouncer();
  render(
    <>
      <Page host={host} say={say} />
      <Region />
    </>,
    document.body,
  );
}
