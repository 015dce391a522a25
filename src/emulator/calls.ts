import type { ServiceName } from './serviceName.ts';

/** One answered request. */
export interface Call {
  readonly sequence: number;
  /** Emulated time, ISO. */
  readonly time: string;
  readonly service: ServiceName | 'none';
  readonly method: string;
  readonly path: string;
  readonly tenant?: string;
  readonly workspace?: string;
  /** Object id of the caller. */
  readonly principal?: string;
  /** 0 where the connection was cut. */
  readonly status: number;
  readonly ms: number;
  /** Kinds of the faults that were applied. */
  readonly faults: readonly string[];
}

interface CallCounts {
  readonly total: number;
  readonly byService: Record<string, number>;
  readonly byStatus: Record<string, number>;
  readonly inFlight: number;
  readonly maxInFlight: number;
  readonly maxInFlightByService: Record<string, number>;
  readonly maxInFlightByPrincipal: Record<string, number>;
}

/**
 * What was asked of the emulator, for tests and for the curious: the last 10,000 calls, counts, and how many ran at
 * once.
 */
export class CallLog {
  private calls: Call[] = [];
  private sequence = 0;
  private byService: Record<string, number> = {};
  private byStatus: Record<string, number> = {};
  private running = new Map<string, number>();
  private most: Record<string, number> = {};

  /** Counts a request in; call what it returns when the answer is out. */
  begin(service: ServiceName | 'none', principal: string | undefined): () => void {
    const names = ['*', `service ${service}`, ...(principal ? [`principal ${service} ${principal}`] : [])];
    for (const name of names) {
      const now = (this.running.get(name) ?? 0) + 1;
      this.running.set(name, now);
      this.most[name] = Math.max(this.most[name] ?? 0, now);
    }
    return () => {
      for (const name of names) this.running.set(name, (this.running.get(name) ?? 1) - 1);
    };
  }

  add(call: Omit<Call, 'sequence'>): void {
    this.calls.push({ sequence: ++this.sequence, ...call });
    if (this.calls.length > 12_000) this.calls = this.calls.slice(-10_000);
    this.byService[call.service] = (this.byService[call.service] ?? 0) + 1;
    this.byStatus[call.status] = (this.byStatus[call.status] ?? 0) + 1;
  }

  /** The calls kept, oldest first; only those every given part fits (`path` as a part of the path, without case). */
  list(
    filter: {
      service?: string;
      method?: string;
      path?: string;
      tenant?: string;
      workspace?: string;
      status?: number;
    } = {},
  ): readonly Call[] {
    return this.calls.filter(
      (call) =>
        (filter.service === undefined || call.service === filter.service) &&
        (filter.method === undefined || call.method === filter.method.toUpperCase()) &&
        (filter.path === undefined || call.path.toLowerCase().includes(filter.path.toLowerCase())) &&
        (filter.tenant === undefined || call.tenant === filter.tenant.toLowerCase()) &&
        (filter.workspace === undefined || call.workspace === filter.workspace.toLowerCase()) &&
        (filter.status === undefined || call.status === filter.status),
    );
  }

  counts(): CallCounts {
    const part = (prefix: string): Record<string, number> =>
      Object.fromEntries(
        Object.entries(this.most)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, count]) => [name.slice(prefix.length), count]),
      );
    return {
      total: this.sequence,
      byService: { ...this.byService },
      byStatus: { ...this.byStatus },
      inFlight: this.running.get('*') ?? 0,
      maxInFlight: this.most['*'] ?? 0,
      maxInFlightByService: part('service '),
      maxInFlightByPrincipal: part('principal '),
    };
  }

  clear(): void {
    this.calls = [];
    this.sequence = 0;
    this.byService = {};
    this.byStatus = {};
    this.most = {};
  }
}
