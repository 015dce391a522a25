import { startPage } from '../../../src/webviews/shell/start.tsx';
import type { FitHost } from './contract.ts';
import { FitPage } from './fitPage.tsx';
import './fit.css';

startPage<FitHost>(FitPage);
