-- Alerts as they came, whose they are, what became of them, and the keys under which they are compared.

create table alerts (
  id text collate "C" primary key,
  received_at timestamptz not null,
  source text not null,
  -- Whole, also when the ticket's title is cut.
  title text not null,
  severity text,
  status text not null check (status in ('firing', 'resolved')),
  -- The sender's own ids.
  alert_id text,
  delivery_id text,
  -- Key of alert_deliveries while the sender gave a delivery id.
  delivery_key bytea,
  -- Undefined organization: not mapped, the ticket stands on the own one.
  organization_id text collate "C",
  device_id text collate "C",
  -- The rest of the Alert of domain: description, customer_id, device_id, ticket_id, occurred_at, tags, fields,
  -- organization and device as {asked, id, name, tags} at that moment. What explain re-runs.
  members jsonb not null,
  outcome text not null check (outcome in
    ('ticket_created', 'note_added', 'held', 'suppressed', 'handled', 'unmatched', 'resolved')),
  -- One sentence: `suppressed by rule "..."`.
  why text not null,
  -- The first ticket created or noted. All of them: ticket_alerts.
  ticket_id text collate "C",
  repeat integer check (repeat >= 1),
  warnings text[] not null default '{}',
  -- Number of the rule set that decided it.
  rule_set integer not null,
  check (outcome not in ('ticket_created', 'note_added') or ticket_id is not null)
);
create index alerts_organization on alerts (organization_id, id) where organization_id is not null;
-- A title may be longer than an index takes: compare the start, then the whole.
create index alerts_title on alerts (left(title, 100) collate "C");

-- Which (source, delivery id) were taken, as long as the alert is kept (contract.md 4, Outcome). `key` is 16 bytes of
-- SHA-256 of the delivery id, then 8 of the source's: so one delivery id is a range, whatever the source.
-- Inserted first in the alert's transaction: a second delivery waits on the key, then sees that it is the second.
create table alert_deliveries (
  key bytea primary key,
  alert_id text collate "C" not null
);

-- The alerts of a ticket, the one that opened it and its repeats; the latest is the last by id.
create table ticket_alerts (
  ticket_id text collate "C" not null,
  alert_id text collate "C" not null,
  primary key (ticket_id, alert_id)
);
create index ticket_alerts_alert on ticket_alerts (alert_id);

-- Tickets by the identity of an alert (source, organization, alert id; else default key), hashed: what `resolved` finds.
create table ticket_identities (
  identity bytea not null,
  ticket_id text collate "C" not null,
  primary key (identity, ticket_id)
);

-- One row a dedup key, only to be locked: whoever decides about a key holds its row (`for update`) until commit.
-- What the key has is in tickets (tickets_open_by_dedup_key). `uses` tells how busy a key is.
create table dedup_keys (
  key bytea primary key,
  uses bigint not null default 1,
  used_at timestamptz not null default now()
) with (fillfactor = 85);

-- `once per`: the last ticket that the rule opened for the organization. Locked like dedup_keys, after them.
create table once_keys (
  key bytea primary key,
  ticket_id text collate "C",
  created_at timestamptz,
  check ((ticket_id is null) = (created_at is null))
);

-- Single alerts that were refused at the door: what came, and why (contract.md 3).
create table refused_alerts (
  id text collate "C" primary key,
  at timestamptz not null,
  key_name text,
  code text not null,
  reason text not null,
  errors jsonb,
  body_start text not null
);

-- Which rule fired on what, with json-rules-engine's results as the reason.
create table firings (
  id bigint generated always as identity primary key,
  alert_id text collate "C",
  ticket_id text collate "C",
  rule text not null,
  file text not null,
  line integer not null,
  -- The event's words: `alert received`.
  event text not null,
  depth smallint not null check (depth >= 0),
  at timestamptz not null,
  rule_set integer not null,
  -- ConditionResult[] and ActionOutcome[] of decision.
  conditions jsonb not null,
  outcomes jsonb not null
);
create index firings_alert on firings (alert_id, id) where alert_id is not null;
create index firings_ticket on firings (ticket_id, id) where ticket_id is not null;

-- Index and json-rules-engine did not say the same: the rule did not act (design.md 1).
create table disagreements (
  id bigint generated always as identity primary key,
  alert_id text collate "C",
  ticket_id text collate "C",
  rule text not null,
  at timestamptz not null,
  rule_set integer not null,
  detail text not null
);
