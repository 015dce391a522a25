import type { ResultsHost } from '../../protocol/results.ts';
import { startPage } from '../shell/start.tsx';
import { ResultsPage } from './resultsPage.tsx';
import './results.css';

startPage<ResultsHost>(ResultsPage);
