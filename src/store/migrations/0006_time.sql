-- What waits for a time because of alerts: holds, silences, alerts that maintenance put off, and the receipts that
-- counts over time look at. Identities and keys are hashes; workflows are named by the ids.

-- `alert still firing after D`: one that waits per rule and identity. Whoever decides about an identity holds its row in
-- dedup_keys until commit, so no lock of its own.
create table holds (
  id text collate "C" primary key,
  identity bytea not null,
  rule text not null,
  -- Of the rule's text: another one is looked at anew when a rule set is put in force.
  rule_hash text not null,
  started_at timestamptz not null,
  due_at timestamptz not null,
  -- The latest one; alerts that something waits with outlive their retention.
  alert_id text collate "C" not null,
  state text not null default 'waiting' check (state in ('waiting', 'released', 'cleared', 'dropped')),
  reason text,
  ended_at timestamptz,
  check ((ended_at is not null) = (state <> 'waiting'))
) with (fillfactor = 85);
create unique index holds_of_identity on holds (identity, rule) where state = 'waiting';
create index holds_waiting on holds (id) where state = 'waiting';
create index holds_ended on holds (ended_at) where ended_at is not null;

-- `no alert for D per ...`: one that waits per rule and values of `per`. Every alert of the key moves the row, in place:
-- no index on what moves.
create table absences (
  id text collate "C" primary key,
  key bytea not null,
  rule text not null,
  rule_hash text not null,
  last_seen_at timestamptz not null,
  due_at timestamptz not null,
  -- The last one seen.
  alert_id text collate "C" not null,
  state text not null default 'waiting' check (state in ('waiting', 'told', 'dropped')),
  reason text,
  ended_at timestamptz,
  check ((ended_at is not null) = (state <> 'waiting'))
) with (fillfactor = 70);
create unique index absences_of_key on absences (key) where state = 'waiting';
create index absences_waiting on absences (id) where state = 'waiting';
create index absences_ended on absences (ended_at) where ended_at is not null;

-- Windows made over HTTP, beside those of rule files. Of one kind any, different kinds all, an empty kind everything.
create table maintenance_windows (
  id text collate "C" primary key,
  name text not null check (btrim(name) <> ''),
  organization_ids text[] collate "C" not null default '{}',
  devices text[] not null default '{}',
  sources text[] not null default '{}',
  from_at timestamptz not null,
  to_at timestamptz not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  check (from_at < to_at)
);
create index maintenance_windows_end on maintenance_windows (to_at);

-- An end of maintenance that alerts wait for; its row goes when all of them were decided.
create table maintenance_ends (
  id text collate "C" primary key,
  name text not null,
  until_at timestamptz not null,
  -- Its time has come, or the windows changed: what waits is decided now, and nothing more is put off to it.
  closing boolean not null default false
);
create unique index maintenance_ends_open on maintenance_ends (name, until_at) where not closing;

-- The latest alert of an identity that maintenance put off and that has not cleared. Locked like holds.
create table deferred_alerts (
  identity bytea primary key,
  alert_id text collate "C" not null,
  end_id text collate "C" not null references maintenance_ends
) with (fillfactor = 85);
create index deferred_alerts_end on deferred_alerts (end_id, identity);

-- Receipts of firing alerts by the key of a count, for the counts of the set in force: milliseconds since 1970,
-- ascending, as many of the newest as the highest threshold needs. Locked by whoever counts, in order of the keys.
create table alert_counts (
  key bytea primary key,
  times bigint[] not null default '{}',
  -- After this no count looks at it any more.
  expires_at timestamptz not null default now()
) with (fillfactor = 70);

-- Rules on a silence whose keys were armed by the alerts that came before their publishing, by name and text.
create table armed_rules (
  rule text primary key,
  rule_hash text not null
);
