/** The tools that a language model may use. All of them read. */
export const AGENT_TOOL_NAMES = ['listEstate', 'describeSchema', 'explainQuery', 'runQuery'] as const;

/** The name of one of the tools. */
export type AgentToolName = (typeof AGENT_TOOL_NAMES)[number];

/** One input of a tool, in the part of JSON Schema that ours need. */
export type AgentInputProperty =
  | { readonly type: 'string'; readonly description: string; readonly enum?: readonly string[] }
  | { readonly type: 'integer'; readonly description: string; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'boolean'; readonly description: string }
  | {
      readonly type: 'array';
      readonly description: string;
      readonly items: { readonly type: 'string' };
      readonly maxItems: number;
    };

/** The input of a tool, as JSON Schema. */
export interface AgentInputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, AgentInputProperty>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** What a tool is called, what it is for, and what it takes: the same in VS Code and over MCP. */
export interface AgentTool {
  readonly name: AgentToolName;
  /** For people: a few words. */
  readonly title: string;
  /** For the model: what it tells, and what to know before calling it. */
  readonly description: string;
  readonly inputSchema: AgentInputSchema;
}

/**
 * What a tool answers: some facts, and one list that may be cut to what the asker can take. Plain JSON throughout;
 * texts in it are other people's and are never told but inside a JSON string.
 */
export interface AgentAnswer {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly list: {
    /** Its name in the answer, e.g. `rows`. */
    readonly name: string;
    /** The first of them, in order. */
    readonly items: readonly unknown[];
    /** How many there are in all. */
    readonly total: number;
    /** What to do to see what is cut, e.g. `Narrow the query.` */
    readonly more: string;
  };
}

/** Whom a call would ask: a person sees it before they are asked. */
export interface AgentAudience {
  readonly workspaces: number;
  /** Names of the customers whose they are, sorted. */
  readonly customers: readonly string[];
}
