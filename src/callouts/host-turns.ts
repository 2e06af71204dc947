/**
 * How many requests one host gets at once and in a second, in this process: a host that hangs keeps `atOnce` slots busy and
 * no more, so the others are served. Knows no HTTP.
 *
 *   host -> { running, startedAt: times of the last second, waiting: how many were sent away since }
 */
import {
  CALLOUT_HOST_AT_ONCE_MAX,
  CALLOUT_HOST_PER_SECOND_MAX,
  CALLOUT_HOST_WAIT_MS_MAX,
  CALLOUT_HOST_WAIT_MS_MIN,
  SECOND,
  type Instant,
} from "../domain/index.ts";

export type HostTurn =
  | { readonly kind: "turn"; readonly leave: () => void }
  /** Units: milliseconds until it is worth asking again; longer the more wait. */
  | { readonly kind: "wait"; readonly waitMs: number };

export interface HostTurns {
  readonly enter: (host: string, now: Instant) => HostTurn;
}

interface Host {
  running: number;
  started: Instant[];
  waiting: number;
}

export function buildHostTurns(
  limits: { readonly atOnce?: number; readonly perSecond?: number; readonly chance?: () => number } = {},
): HostTurns {
  const atOnce = limits.atOnce ?? CALLOUT_HOST_AT_ONCE_MAX;
  const perSecond = limits.perSecond ?? CALLOUT_HOST_PER_SECOND_MAX;
  const chance = limits.chance ?? Math.random;
  const hosts = new Map<string, Host>();
  return {
    enter(name, now) {
      const host = hosts.get(name) ?? { running: 0, started: [], waiting: 0 };
      hosts.set(name, host);
      host.started = host.started.filter((at) => at > now - SECOND && at <= now);
      if (host.running >= atOnce || host.started.length >= perSecond) {
        host.waiting += 1;
        return { kind: "wait", waitMs: waitOf(host.waiting, atOnce, chance()) };
      }
      host.running += 1;
      host.started.push(now);
      host.waiting = Math.max(host.waiting - 1, 0);
      let hasLeft = false;
      return {
        kind: "turn",
        leave: () => {
          if (hasLeft) return;
          hasLeft = true;
          host.running -= 1;
          if (host.running === 0 && host.waiting === 0) hosts.delete(name);
        },
      };
    },
  };
}

/** Spread, so that those who were sent away together do not come back together. */
function waitOf(waiting: number, atOnce: number, chance: number): number {
  const rounds = Math.ceil(waiting / atOnce);
  const waitMs = Math.min(rounds * CALLOUT_HOST_WAIT_MS_MIN, CALLOUT_HOST_WAIT_MS_MAX);
  return Math.round(waitMs * (0.75 + chance / 2));
}

/** `host:port` of an address: what shares a turn. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}
