/** A text as a literal of KQL; what a customer's data holds stays a text. */
export function kqlText(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

/** Literals between commas; at most `most` of them, so that a query stays one that a person can read. */
export function kqlTexts(texts: readonly string[], most = 50): string {
  return texts.slice(0, most).map(kqlText).join(', ');
}

/** The name of a table as a query writes it, whatever is in it: words of the language begin small. */
export function kqlTable(name: string): string {
  return /^[A-Z]\w*$/.test(name) ? name : `[${kqlText(name)}]`;
}

/** The names of tables between commas. */
export function kqlTables(names: readonly string[], most = 20): string {
  return names.slice(0, most).map(kqlTable).join(', ');
}

/** What a workspace is billed for, by day and table. */
export const BILLED_BY_TABLE = `Usage
| where IsBillable
| summarize GB = sum(Quantity) / 1000 by Day = bin(StartTime, 1d), DataType
| order by Day desc, GB desc`;

/** Computers with the retired agent. */
export const LEGACY_AGENTS = `Heartbeat
| where Category == "Direct Agent"
| summarize LastHeartbeat = max(TimeGenerated) by Computer, OSType, Version
| order by Computer asc`;
