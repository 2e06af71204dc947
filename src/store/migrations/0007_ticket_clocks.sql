-- Time on tickets (`ticket idle`, `open`, `due`, `overdue`) and schedules (`every ...`): what is waited for, and since
-- when each rule counts.
--
-- WF-6: a rule that is new applies to tickets created or changed after its publishing. No two clocks are compared for
-- it: every putting in force has a number (`activation`), a rule has the one since which it is in force without a break,
-- a ticket the one of the rules that last created or changed it. The rule applies where the ticket's is not older.

alter table active_rule_set add column activation bigint not null default 1;

-- Rules in force that have a clock, by name: a rule that was renamed is another one.
create table rule_clocks (
  rule text collate "C" primary key,
  -- Of what its times depend on: kinds, spans, calendars. A change of anything else moves no deadline.
  hash text collate "C" not null,
  since bigint not null,
  -- When `hash` became what it is: clocks of tickets that were looked at before are looked at again.
  hash_since bigint not null,
  check (hash_since >= since)
);

-- One row a ticket that was created or changed while a rule with a clock was in force. Written under the lock of the
-- ticket's row, so it needs none of its own.
create table ticket_clocks (
  ticket_id text collate "C" primary key,
  -- The activation whose rules last created or changed the ticket.
  saved_under bigint not null,
  -- The activation whose rules `due_at` was told by.
  armed_under bigint not null,
  -- Its workflow wakes at this time and not later; null: it has none. What moves a deadline back leaves this alone.
  due_at timestamptz,
  -- What comes then, for the one who looks.
  rule text,
  clock text check (clock in ('ticket-idle', 'ticket-open', 'ticket-due', 'ticket-overdue')),
  check ((due_at is null) = (rule is null) and (rule is null) = (clock is null))
) with (fillfactor = 85);
-- What should have woken long ago: its workflow was ended by hand, or lost.
create index ticket_clocks_due on ticket_clocks (due_at) where due_at is not null;

-- Times that were decided: they do not come again, and `open`, `due` and `overdue` that have fired never.
create table passed_clocks (
  ticket_id text collate "C" not null,
  rule text not null,
  clock text not null check (clock in ('ticket-idle', 'ticket-open', 'ticket-due', 'ticket-overdue')),
  deadline timestamptz not null,
  fired boolean not null,
  primary key (ticket_id, clock, rule)
);

-- Rules on a schedule, and what Temporal was told of them. A rule that joins several schedules has several.
create table rule_schedules (
  -- Hash of the rule's name: the schedule's id carries no words.
  key text collate "C" primary key,
  rule text not null,
  hash text collate "C" not null,
  -- ScheduleTimes of decision.
  times jsonb not null,
  -- Where it is written, for the one who looks.
  file text not null,
  line integer not null,
  -- False: left the set in force; the row goes when Temporal was told.
  wanted boolean not null default true,
  -- The hash that Temporal knows.
  told_hash text
);

-- Times of schedules that were decided, each once; kept for some weeks.
create table schedule_runs (
  rule text collate "C" not null,
  at timestamptz not null,
  primary key (rule, at)
);

-- One row at most: the namespace of Temporal that workflows were started in. Another id is another server, which knows none.
create table known_temporal (
  one boolean primary key default true check (one),
  namespace_id text not null
);
