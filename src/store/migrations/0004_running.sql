-- How the product is run: keys, rule sets, switches, who did what, which workers live.

create table api_keys (
  id text collate "C" primary key,
  name text not null check (btrim(name) <> ''),
  -- SHA-256 of the key.
  hash bytea not null unique check (octet_length(hash) = 32),
  role text not null check (role in ('ingest', 'read', 'operate', 'admin')),
  actor text not null check (actor in ('staff', 'contact', 'integration')),
  integration text,
  created_at timestamptz not null default now(),
  created_by text,
  expires_at timestamptz,
  revoked_at timestamptz
);

create table rule_sets (
  number integer primary key check (number >= 1),
  -- SHA-256 in hex over paths and texts in order.
  hash text collate "C" not null,
  author text not null,
  -- `up` publishes again only when the folder differs from what it published last (contract.md 1).
  origin text not null check (origin in ('up', 'api')),
  message text,
  created_at timestamptz not null default now(),
  -- [{path, text}]
  files jsonb not null check (jsonb_typeof(files) = 'array'),
  -- Warnings at publishing.
  diagnostics jsonb not null default '[]'
);

-- One row at most: the set in force.
create table active_rule_set (
  one boolean primary key default true check (one),
  number integer not null references rule_sets,
  activated_at timestamptz not null default now(),
  activated_by text not null
);

-- What an admin switched; holds while the callout's text has this hash.
create table callout_switches (
  callout text primary key,
  active boolean not null,
  declaration_hash text not null,
  switched_by text not null,
  at timestamptz not null default now()
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor jsonb not null,
  -- `key created`, `rule set published`, `organization deleted`, ...
  action text not null,
  object text,
  details jsonb not null default '{}'
);

create table workers (
  id text collate "C" primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  task_queues text[] not null default '{}'
);
