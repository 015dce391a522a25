/** What the pages of an assessment are drawn with: types alone, for the runtime of JSX is named by the compiler. */
export type { ComponentChildren, VNode } from 'preact';
