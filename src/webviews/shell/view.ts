/** The one door to Preact, which redraws what changed and leaves the rest of the page, its focus included, alone. */
export { createRef, h, options, render } from 'preact';
export type { ComponentChild, ComponentChildren } from 'preact';
export { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
export type { MutableRef } from 'preact/hooks';
