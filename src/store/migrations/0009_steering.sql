-- Steering: deliveries that a person asked for, and callouts that pause themselves.

-- Who asked for a replay or a test call (Actor of domain); null: a rule did.
alter table deliveries add column requested_by jsonb;
-- A test call runs no rules and sends no notice.
alter table deliveries add column is_test boolean not null default false;
create index deliveries_replay_of on deliveries (replay_of) where replay_of is not null;
-- The newest ends of a callout: whether they all failed opens its breaker; and what failed since a time is replayed.
create index deliveries_ended on deliveries (callout, finished_at desc, position desc) where state in ('succeeded', 'failed');

-- Callouts whose deliveries wait, `pause after N failed deliveries`: one row while the breaker is open. The next to be
-- tried is the oldest that waits, once in a while; a success takes the row away.
create table callout_breakers (
  callout text collate "C" primary key,
  opened_at timestamptz not null,
  next_probe_at timestamptz not null,
  check (next_probe_at >= opened_at)
);

-- Replays of all that failed of a callout since a time, as they were asked for; a workflow each makes the deliveries.
create table delivery_replays (
  id text collate "C" primary key,
  callout text not null,
  since timestamptz not null,
  per_second integer not null check (per_second between 1 and 100),
  -- Failed and not replayed yet, when it was asked for.
  matching integer not null,
  requested_by jsonb not null,
  created_at timestamptz not null
);
