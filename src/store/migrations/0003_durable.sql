-- What must wait or be retried: callout deliveries, notices, and the outbox that hands them to Temporal.

create table deliveries (
  id text collate "C" primary key,
  -- Order of the triggers; per callout and ticket deliveries run in this order, one in flight (CO-18).
  position bigint generated always as identity unique,
  callout text not null,
  ticket_id text collate "C" not null,
  -- {name, file, line}
  rule jsonb not null,
  created_at timestamptz not null,
  state text not null check (state in
    ('pending', 'running', 'waiting', 'succeeded', 'failed', 'given_up', 'skipped')),
  reason text,
  -- CalloutRequest of decision, the same on every attempt (CO-17); secrets by name. Null: skipped or not buildable.
  request jsonb,
  -- DeliverySchedule of decision.
  schedule jsonb not null,
  notify_on_failure text[] not null default '{}',
  replay_of text collate "C" references deliveries on delete set null,
  attempt_count integer not null default 0 check (attempt_count >= 0),
  next_attempt_at timestamptz,
  finished_at timestamptz,
  -- Set in the transaction that ran the `callout succeeded` / `callout failed` rules: they run once.
  event_decided_at timestamptz,
  check ((finished_at is not null) = (state in ('succeeded', 'failed', 'given_up', 'skipped'))),
  check (request is not null or state in ('failed', 'skipped')),
  check (reason is not null or state not in ('failed', 'skipped')),
  check (next_attempt_at is null or state in ('pending', 'running', 'waiting')),
  check (event_decided_at is null or finished_at is not null)
);
-- One delivery in flight per callout and ticket.
create unique index deliveries_in_flight on deliveries (callout, ticket_id) where state in ('running', 'waiting');
create index deliveries_unfinished on deliveries (callout, ticket_id, position)
  where state in ('pending', 'running', 'waiting');
create index deliveries_ticket on deliveries (ticket_id, id);
create index deliveries_callout on deliveries (callout, id);

create table delivery_attempts (
  delivery_id text collate "C" not null references deliveries on delete cascade,
  n integer not null check (n >= 1),
  at timestamptz not null,
  duration_ms integer check (duration_ms >= 0),
  status integer,
  -- `interrupted` when a crash or a stop cut it off; null while it runs and when it succeeded.
  error text,
  response_start text,
  succeeded boolean,
  primary key (delivery_id, n),
  check (succeeded is null or duration_ms is not null or error is not null),
  check (succeeded is distinct from true or error is null)
);
create unique index delivery_attempts_succeeded on delivery_attempts (delivery_id) where succeeded;

create table notifications (
  id text collate "C" primary key,
  recipient text not null,
  channel text not null check (channel in ('email', 'webhook')),
  -- Address or URL.
  destination text not null,
  subject text not null,
  body text not null,
  ticket_id text collate "C",
  rule text,
  callout text,
  created_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed', 'no_transport')),
  reason text,
  attempt_count integer not null default 0 check (attempt_count >= 0),
  finished_at timestamptz,
  check ((finished_at is not null) = (state <> 'pending'))
);
create index notifications_ticket on notifications (ticket_id, id) where ticket_id is not null;
create index notifications_pending on notifications (id) where state = 'pending';

create table notification_attempts (
  notification_id text collate "C" not null references notifications on delete cascade,
  n integer not null check (n >= 1),
  at timestamptz not null,
  duration_ms integer check (duration_ms >= 0),
  error text,
  primary key (notification_id, n)
);

-- Written in the transaction of what it is about; the relay starts and signals workflows from it. Payloads are ids.
-- Lanes run lowest first: 0 callouts, 1 notices, 2 windows.
create table outbox (
  id bigint generated always as identity primary key,
  lane smallint not null check (lane between 0 and 9),
  -- `start-callout`, `start-notification`, `start-window`, `ticket-completed` (a signal to the window), ...
  kind text not null,
  workflow_id text collate "C" not null,
  payload jsonb not null,
  -- When the work is pointless: the end of a window that nobody started in time.
  expires_at timestamptz,
  attempts integer not null default 0,
  -- In the future: waits, or is claimed by a relay until then.
  next_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  done_at timestamptz
);
create index outbox_pending on outbox (lane, id) where done_at is null;
