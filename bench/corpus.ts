/**
 * Corpus A: alerts of a managed-service provider and rules over them, in the mix of the matching study. Seeded: the
 * same numbers everywhere. Rules are plain specifications, so that every engine gets its own best form of them.
 */
import type { Alert, Snapshot } from "../src/domain/index.ts";
import { bareSnapshot } from "../src/domain/index.ts";

export const SEED = 20_261_122;

/** mulberry32: small, good enough to choose words, the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  some<T>(of: readonly T[], count: number): T[] {
    const chosen = new Set<T>();
    while (chosen.size < count) chosen.add(this.pick(of));
    return [...chosen];
  }
}

/** One alert as a flat object of 20 fields: what the other engines read. */
export interface FlatAlert {
  readonly customer: string;
  readonly source: string;
  readonly severity: string;
  readonly message: string;
  readonly host: string;
  readonly service: string;
  readonly env: string;
  readonly team: string;
  readonly check: string;
  readonly site: string;
  readonly region: string;
  readonly os: string;
  readonly version: string;
  readonly rack: string;
  readonly owner: string | undefined;
  readonly acknowledged: boolean;
  readonly value: number;
  readonly count: number;
  readonly duration: number;
  readonly sequence: number;
}

export type FieldName = keyof FlatAlert;

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

const syllables = [
  "ba",
  "cor",
  "din",
  "fel",
  "gor",
  "hux",
  "jil",
  "kam",
  "lor",
  "mip",
  "nur",
  "pos",
  "quir",
  "rad",
  "sul",
  "tev",
  "vox",
  "wim",
  "yar",
  "zen",
];
const words = syllables.flatMap((a) => syllables.map((b) => `${a}${b}`));

const pools = {
  customer: numbered("Customer ", 500),
  source: [
    "Datto RMM",
    "SaaS Alerts",
    "Graphus",
    "Uptime",
    "Zabbix",
    "Nagios",
    "PRTG",
    "Auvik",
    "Veeam",
    "Sentinel",
  ],
  severity: ["info", "warning", "minor", "major", "critical"],
  service: numbered("service-", 200),
  env: ["prod", "staging", "test", "dev"],
  team: numbered("team-", 40),
  check: numbered("check_", 100),
  site: numbered("Site ", 200),
  region: numbered("region-", 8),
  os: ["windows", "linux", "macos", "esxi"],
  host: syllables.flatMap((a) => words.slice(0, 60).map((b) => `${a}-${b}`)),
} as const;

/** Read from JSON, as alerts are: texts made by joining have another form in memory and are slower to read. */
export function flatAlerts(count: number): readonly FlatAlert[] {
  const random = new Random(SEED);
  return Array.from({ length: count }, (_, sequence) => {
    const alert: FlatAlert = makeAlert(random, sequence);
    return JSON.parse(JSON.stringify(alert)) as FlatAlert;
  });
}

function makeAlert(random: Random, sequence: number): FlatAlert {
  return {
    customer: random.pick(pools.customer),
    source: random.pick(pools.source),
    severity: random.pick(pools.severity),
    message: `Alarm: ${Array.from({ length: 9 }, () => random.pick(words)).join(" ")}`,
    host: `${random.pick(pools.host)}-${random.below(100)}`,
    service: random.pick(pools.service),
    env: random.pick(pools.env),
    team: random.pick(pools.team),
    check: random.pick(pools.check),
    site: random.pick(pools.site),
    region: random.pick(pools.region),
    os: random.pick(pools.os),
    version: `${random.below(10)}.${random.below(20)}.${random.below(30)}`,
    rack: `R${random.below(400)}`,
    owner: random.next() < 0.5 ? `owner-${random.below(90)}` : undefined,
    acknowledged: random.next() < 0.3,
    value: random.below(1000),
    count: random.below(100),
    duration: random.below(86_400),
    sequence,
  };
}

/** One condition on one field. */
export type Spec =
  | { readonly kind: "equals"; readonly field: FieldName; readonly value: string | boolean }
  | { readonly kind: "in"; readonly field: FieldName; readonly values: readonly string[] }
  | { readonly kind: "above" | "at-least"; readonly field: FieldName; readonly value: number }
  | { readonly kind: "between"; readonly field: FieldName; readonly low: number; readonly high: number }
  | { readonly kind: "prefix" | "part" | "regex"; readonly field: FieldName; readonly text: string }
  | { readonly kind: "exists"; readonly field: FieldName }
  | { readonly kind: "all" | "any"; readonly of: readonly Spec[] }
  | { readonly kind: "not"; readonly of: Spec };

const all = (...of: readonly Spec[]): Spec => ({ kind: "all", of });
const any = (...of: readonly Spec[]): Spec => ({ kind: "any", of });
const not = (of: Spec): Spec => ({ kind: "not", of });

/** The mix: shares in percent. */
const mix: Shares = [
  [35, (r) => all(equals(r, "customer"), among(r, "severity", 2), equals(r, "source"))],
  [
    20,
    (r) =>
      all(equals(r, "service"), equals(r, "env"), {
        kind: "above",
        field: "value",
        value: 500 + r.below(500),
      }),
  ],
  [
    13,
    (r) =>
      all({ kind: "prefix", field: "host", text: r.pick(pools.host) }, among(r, "severity", 2), {
        kind: "at-least",
        field: "count",
        value: r.below(100),
      }),
  ],
  [
    10,
    (r) =>
      all(
        ...r.some(words, 2).map((text): Spec => ({ kind: "part", field: "message", text })),
        equals(r, "source"),
        equals(r, "env"),
      ),
  ],
  [
    10,
    (r) =>
      all(equals(r, "team"), any(equals(r, "check"), among(r, "service", 3)), not(among(r, "severity", 2))),
  ],
  [
    7,
    (r) => {
      const low = r.below(900);
      return all(
        among(r, "customer", 10),
        { kind: "exists", field: "owner" },
        not({ kind: "equals", field: "acknowledged", value: true }),
        { kind: "between", field: "value", low, high: low + 50 },
      );
    },
  ],
  [3, (r) => all(equals(r, "site"), wordThenSyllable(r))],
  [
    2,
    (r) =>
      all(equals(r, "customer"), not(any(equals(r, "env"), among(r, "severity", 2), equals(r, "source")))),
  ],
];

type Shares = readonly (readonly [number, (random: Random) => Spec])[];

/** Rules that offer an index nothing to hold on to, or all the same. */
const badCases: Readonly<Record<Exclude<CorpusName, "mix">, Shares>> = {
  "range only": [
    [50, (r) => all(between(r, 50), { kind: "at-least", field: "count", value: r.below(100) })],
    [
      30,
      (r) =>
        all(
          { kind: "above", field: "value", value: 800 + r.below(200) },
          { kind: "above", field: "duration", value: 40_000 + r.below(46_400) },
        ),
    ],
    [20, (r) => ({ kind: "above", field: "value", value: 900 + r.below(100) })],
  ],
  "not only": [
    [50, (r) => all(not(among(r, "severity", 2)), not(equals(r, "source")), not(equals(r, "env")))],
    [
      30,
      (r) => all(not(among(r, "severity", 2)), not({ kind: "part", field: "message", text: r.pick(words) })),
    ],
    [
      20,
      (r) =>
        not(
          any(equals(r, "env"), equals(r, "customer"), {
            kind: "above",
            field: "value",
            value: r.below(1000),
          }),
        ),
    ],
  ],
  "regex only": [[100, (r) => wordThenSyllable(r)]],
  "one value": [
    [
      100,
      (r) =>
        all(
          { kind: "equals", field: "acknowledged", value: false },
          { kind: "in", field: "severity", values: ["major", "critical"] },
          between(r, 20),
        ),
    ],
  ],
};

export type CorpusName = "mix" | "range only" | "not only" | "regex only" | "one value";

export function ruleSpecs(count: number, corpus: CorpusName = "mix"): readonly Spec[] {
  const random = new Random(SEED + count);
  const shares = corpus === "mix" ? mix : badCases[corpus];
  return Array.from({ length: count }, () => {
    let share = random.next() * 100;
    for (const [percent, make] of shares) {
      share -= percent;
      if (share < 0) return make(random);
    }
    return (shares[0] as (typeof mix)[number])[1](random);
  });
}

function between(random: Random, width: number): Spec {
  const low = random.below(1000 - width);
  return { kind: "between", field: "value", low, high: low + width };
}

function wordThenSyllable(random: Random): Spec {
  const text = `\\b${random.pick(words)}\\s+${random.pick(syllables)}\\w+`;
  return { kind: "regex", field: "message", text };
}

function equals(
  random: Random,
  field: "customer" | "source" | "service" | "env" | "team" | "check" | "site",
): Spec {
  return { kind: "equals", field, value: random.pick<string>(pools[field]) };
}

function among(random: Random, field: "customer" | "severity" | "service", count: number): Spec {
  return { kind: "in", field, values: random.some<string>(pools[field], count) };
}

/** The same alert as the product sees it. */
export function toSnapshot(flat: FlatAlert): Snapshot {
  const { customer, source, severity, message, host, ...fields } = flat;
  const at = 1_795_385_100_000 + flat.sequence;
  const alert: Alert = {
    id: `al_${flat.sequence}`,
    receivedAt: at,
    source,
    title: message,
    description: undefined,
    severity,
    status: "firing",
    alertId: undefined,
    ticketId: undefined,
    deliveryId: undefined,
    customerId: undefined,
    deviceId: undefined,
    occurredAt: undefined,
    tags: [],
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    organization: { asked: customer, id: undefined, name: customer, tags: [] },
    device: { asked: host, id: undefined, name: host, tags: [] },
  };
  return { ...bareSnapshot("alert-received", at), alert };
}
