import type { LogAnalyticsCentre, DataExplorerCentre, LakeCentre } from '../../model/centre.ts';
import { mText } from './mText.ts';

/** A shared query of the model: a parameter that people set, or a function that tables use. */
export interface SharedQuery {
  readonly name: string;
  readonly description: string;
  readonly m: string;
}

/** Where a project reads from: a centre, and what it is called by. */
export type PowerBiSource =
  | (Pick<LakeCentre, 'kind' | 'name'> & {
      /** The folder as the machine sees it that refreshes. */
      readonly folder: string;
    })
  | (Pick<LogAnalyticsCentre, 'kind' | 'name'> & {
      /** https origin of the query API, and the workspace's ID (guid). */
      readonly endpoint: string;
      readonly workspaceId: string;
    })
  | Pick<DataExplorerCentre, 'kind' | 'name' | 'cluster' | 'database'>;

/** Days that are read unless somebody sets the parameter. */
const DAYS = 30;

/** The parameters and functions that tables of this source use, in order. */
export function sharedQueries(source: PowerBiSource): SharedQuery[] {
  return [
    parameter('Days', 'Number', String(DAYS), 'Days that are read, today (UTC) among them.'),
    ...OWN[source.kind](source as never),
    ...VALUES,
  ];
}

function parameter(name: string, type: 'Number' | 'Text', value: string, description: string): SharedQuery {
  return {
    name,
    description,
    m: `${value} meta [IsParameterQuery = true, Type = "${type}", IsParameterQueryRequired = true]`,
  };
}

const FIRST_DAY: SharedQuery = {
  name: 'FirstDay',
  description: 'The first moment (UTC) that is read.',
  m: `Date.AddDays(DateTime.Date(DateTimeZone.RemoveZone(DateTimeZone.FixedUtcNow())), 1 - Days) & #time(0, 0, 0)`,
};

/** What is asked at once: a service that cuts an answer says so, and then less has to be asked. */
const SLICES: readonly SharedQuery[] = [
  parameter('HoursAtOnce', 'Number', '24', 'Hours of rows in one question. Fewer, where an answer is too large.'),
  FIRST_DAY,
  {
    name: 'Slices',
    description: 'The stretches of time that are asked one after the other, as KQL writes their ends.',
    m: `let
	Written = (time as datetime) as text => "datetime(" & DateTime.ToText(time, [Format = "yyyy-MM-dd'T'HH:mm:ss'Z'", Culture = "en-US"]) & ")",
	Count = Number.RoundUp(Days * 24 / HoursAtOnce),
	End = FirstDay + #duration(Days, 0, 0, 0)
in
	List.Transform({0 .. Count - 1}, (at) => [
		From = Written(FirstDay + #duration(0, at * HoursAtOnce, 0, 0)),
		To = Written(List.Min({End, FirstDay + #duration(0, (at + 1) * HoursAtOnce, 0, 0)}))
	])`,
  },
];

const OWN: {
  readonly [K in PowerBiSource['kind']]: (source: Extract<PowerBiSource, { kind: K }>) => readonly SharedQuery[];
} = {
  lake: ({ folder }) => [
    parameter('LakeFolder', 'Text', mText(folder), 'The folder of the lake, as the machine that refreshes sees it.'),
    FIRST_DAY,
    {
      name: 'ReadLake',
      description: 'The rows of one roll-up that windows since a day have brought, the named columns of them.',
      m: `(id as text, columns as list, since as nullable date) as table =>
	let
		Below = "/rollups/" & id & "/customer=",
		Placed = Table.AddColumn(Folder.Files(LakeFolder), "Place", each Text.Replace([Folder Path], "\\", "/"), type text),
		Windows = Table.SelectRows(Placed, each [Extension] = ".parquet" and Text.Contains([Place], Below)),
		Dated = Table.AddColumn(Windows, "Day", each Date.FromText(Text.BetweenDelimiters([Place], "/day=", "/"), "en-US"), type date),
		Wanted = Table.SelectRows(Dated, each since = null or [Day] >= since),
		Read = List.Transform(Wanted[Content], (file) => Table.SelectColumns(Parquet.Document(file), columns, MissingField.UseNull))
	in
		Table.Combine({#table(columns, {})} & Read)`,
    },
  ],
  logAnalytics: ({ endpoint, workspaceId }) => [
    parameter('WorkspaceId', 'Text', mText(workspaceId), 'The workspace ID (not the resource ID) of the centre.'),
    ...SLICES,
    {
      name: 'Ask',
      description: 'The answer of the workspace; an error where it is not the whole one.',
      m: `(kql as text) as table =>
	let
		Answer = Json.Document(Web.Contents(${mText(endpoint)}, [
			RelativePath = "v1/workspaces/" & WorkspaceId & "/query",
			Query = [query = kql],
			Timeout = #duration(0, 0, 4, 0)
		])),
		Refused = Record.FieldOrDefault(Answer, "error", null),
		Whole = if Refused = null then Answer[tables]{0} else error Error.Record(
			"Not the whole answer",
			"Log Analytics cut the answer (500,000 rows or 64 MB at once). Set HoursAtOnce to less. " & Record.FieldOrDefault(Refused, "message", ""),
			kql
		)
	in
		Table.FromRows(Whole[rows], List.Transform(Whole[columns], each [name]))`,
    },
  ],
  dataExplorer: ({ cluster, database }) => [
    parameter('Cluster', 'Text', mText(cluster), 'The address of the cluster.'),
    parameter('Database', 'Text', mText(database), 'The name of the database.'),
    ...SLICES,
    {
      name: 'Ask',
      description: 'The answer of the cluster, which refuses one that is too large: set HoursAtOnce to less then.',
      m: `(kql as text) as table => AzureDataExplorer.Contents(Cluster, Database, kql, [Timeout = #duration(0, 0, 4, 0)])`,
    },
  ],
};

/** What makes values of the model of cells, whatever the source gives: times in UTC, timespans in seconds. */
const VALUES: readonly SharedQuery[] = [
  {
    name: 'AsUtc',
    description: 'A time as UTC without a zone: the model has none, and would shift one by that of the machine.',
    m: `(cell) as nullable datetime =>
	if cell = null or cell = "" then null
	else if cell is datetimezone then DateTimeZone.RemoveZone(DateTimeZone.ToUtc(cell))
	else if cell is datetime then cell
	else DateTimeZone.RemoveZone(DateTimeZone.ToUtc(DateTimeZone.FromText(cell, "en-US")))`,
  },
  {
    name: 'AsSeconds',
    description: 'A timespan as seconds.',
    m: `(cell) as nullable number =>
	if cell = null or cell = "" then null
	else if cell is duration then Duration.TotalSeconds(cell)
	else Duration.TotalSeconds(Duration.FromText(cell))`,
  },
  {
    name: 'AsNumber',
    description:
      'A number, also where it comes as text (decimals); null for NaN and the infinities, which no model has.',
    m: `(cell) as nullable number =>
	let
		Value = if List.Contains({null, "", "NaN", "Infinity", "-Infinity"}, cell) then null else Number.From(cell, "en-US"),
		IsFinite = Value <> null and not Number.IsNaN(Value) and Number.Abs(Value) <> Number.PositiveInfinity
	in
		if IsFinite then Value else null`,
  },
  {
    name: 'AsWhole',
    description: 'A whole number.',
    m: `(cell) as nullable number => if cell = "" then null else Int64.From(cell, "en-US")`,
  },
  {
    name: 'AsText',
    description: 'A text; of what is none (dynamic) its JSON.',
    m: `(cell) as nullable text => if cell = null or cell is text then cell else Text.FromBinary(Json.FromValue(cell))`,
  },
];
