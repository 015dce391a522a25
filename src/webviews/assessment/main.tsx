import type { AssessmentHost } from '../../protocol/assessmentPage.ts';
import { REPORT_CSS } from '../../report/styles.ts';
import { startPage } from '../shell/start.tsx';
import { AssessmentPage } from './assessmentPage.tsx';
import './assessment.css';

// The report's sheet is one text for a live page and for a file; constructed, it needs no exception of the policy.
const sheet = new CSSStyleSheet();
sheet.replaceSync(REPORT_CSS);
document.adoptedStyleSheets.push(sheet);

startPage<AssessmentHost>(AssessmentPage);
