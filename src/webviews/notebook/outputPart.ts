import type { Channel } from '../../base/rpc.ts';
import type { NoRequests } from '../../base/rpc.ts';
import type { NotebookHost, NotebookRunView } from '../../protocol/notebook.ts';
import type { Ask } from '../shell/ask.ts';

/** The host's end as every part of an output asks it. */
export type OutputChannel = Channel<NoRequests, NotebookHost>;

/** What the rows and the chart of an output are given. */
export interface OutputPartProps {
  readonly channel: OutputChannel;
  readonly run: NotebookRunView;
  readonly ask: Ask;
}
