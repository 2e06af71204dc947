/**
 * How many requests one host gets at once and in a second, in this process: a host that hangs keeps `atOnce` slots busy and
 * no more, so the others are served; and many hosts that hang, or one under many names, leave a slot for each that has none.
 * Of this process alone: with it its turns are gone. Knows no HTTP.
 *
 *   host -> { running, started: times of the last second, waiting: how many were sent away since, waitingUntil: the last of them }
 */
import {
  CALLOUT_HOSTS_AT_ONCE_MAX,
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
  /** Then those that were sent away have come back, or gone to another process: nobody waits here. */
  waitingUntil: Instant;
}

export function buildHostTurns(
  limits: {
    readonly atOnce?: number;
    readonly perSecond?: number;
    readonly ofAllAtOnce?: number;
    readonly chance?: () => number;
  } = {},
): HostTurns {
  const atOnce = limits.atOnce ?? CALLOUT_HOST_AT_ONCE_MAX;
  const perSecond = limits.perSecond ?? CALLOUT_HOST_PER_SECOND_MAX;
  const chance = limits.chance ?? Math.random;
  const ofAllAtOnce = limits.ofAllAtOnce ?? CALLOUT_HOSTS_AT_ONCE_MAX;
  const hosts = new Map<string, Host>();
  let running = 0;
  return {
    enter(name, now) {
      const host = hosts.get(name) ?? { running: 0, started: [], waiting: 0, waitingUntil: 0 };
      hosts.set(name, host);
      host.started = host.started.filter((at) => at > now - SECOND && at <= now);
      if (host.waitingUntil < now) host.waiting = 0;
      const isCrowded = host.running > 0 && running >= ofAllAtOnce;
      if (isCrowded || host.running >= atOnce || host.started.length >= perSecond) {
        host.waiting += 1;
        const waitMs = waitOf(host.waiting, atOnce, chance());
        host.waitingUntil = Math.max(host.waitingUntil, now + waitMs);
        return { kind: "wait", waitMs };
      }
      running += 1;
      host.running += 1;
      host.started.push(now);
      host.waiting = Math.max(host.waiting - 1, 0);
      let hasLeft = false;
      return {
        kind: "turn",
        leave: () => {
          if (hasLeft) return;
          hasLeft = true;
          running -= 1;
          host.running -= 1;
          if (host.running === 0) forgetIdle(hosts, now);
        },
      };
    },
  };
}

/** Hosts without requests of whom nobody waits any more. A clock that goes back only keeps them longer. */
function forgetIdle(hosts: Map<string, Host>, now: Instant): void {
  for (const [name, host] of hosts)
    if (host.running === 0 && host.waitingUntil < now && host.started.every((at) => at < now - SECOND))
      hosts.delete(name);
}

/** Spread, so that those who were sent away together do not come back together. */
function waitOf(waiting: number, atOnce: number, chance: number): number {
  const rounds = Math.ceil(waiting / atOnce);
  const waitMs = Math.min(rounds * CALLOUT_HOST_WAIT_MS_MIN, CALLOUT_HOST_WAIT_MS_MAX);
  return Math.round(waitMs * (0.75 + chance / 2));
}

/** `host:port` of an address: what shares a turn, whatever case and dot its name is written with. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replace(/\.(?=:\d+$|$)/u, "") : "";
}
