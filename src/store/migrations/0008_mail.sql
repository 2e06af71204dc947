-- Mail as it came (raw, passwords masked), what became of it, and projects and tasks, which mail can be about.

-- A row stays as long as alerts do; its raw message, the large part, goes earlier (TOCSIN_RETENTION_RAW_MAIL).
create table mails (
  -- `ml_...`: sorts by receipt.
  id text collate "C" primary key,
  -- The mailbox's address as declared.
  mailbox text not null,
  -- SHA-256 of the Message-ID, of the raw message where it has none: the same in the same mailbox is the transport.
  message_key bytea not null,
  message_id text,
  -- Mailbox and sender, hashed: mails of one lane are decided in the order of their ids, by one process at a time.
  lane bytea not null,
  received_at timestamptz not null,
  envelope_from text not null,
  envelope_to text[] not null,
  peer text not null,
  bytes integer not null check (bytes >= 0),
  -- Whether the password of the token was right when it came: it is masked in what is kept. Null: no token was looked for.
  token_accepted boolean,
  -- Salted scrypt of a password that was not accepted, so that a retry can judge it after a secret was mended.
  token_hash text,
  state text not null default 'received' check (state in ('received', 'processed', 'ignored', 'failed')),
  -- A word or sentence: `loop`, `private`, `the token's password is wrong`.
  reason text,
  -- What it became: ticket, ticket note, ticket time entry, project note, task note, task time entry.
  object text,
  ticket_id text collate "C",
  -- Number of the project or task.
  item text,
  -- Header From and subject, when it was read.
  sender text,
  subject text,
  -- Sender and subject, hashed: at most two of a kind in five minutes (IEP-21).
  loop_key bytea,
  -- MailFacts of domain: what rules read of it later.
  facts jsonb,
  -- How it was attributed, what it is a duplicate of, what was told.
  explanation jsonb,
  firings jsonb not null default '[]',
  warnings text[] not null default '{}',
  rule_set integer,
  -- When a notice of failure went to its sender.
  failure_told_at timestamptz,
  attempts integer not null default 0,
  -- In the future: it waits, or a process has it.
  next_at timestamptz not null,
  decided_at timestamptz,
  -- When somebody asked to decide it again.
  retried_at timestamptz,
  check ((state = 'received') = (decided_at is null)),
  check (reason is not null or state not in ('ignored', 'failed')),
  unique (mailbox, message_key)
) with (fillfactor = 80);
create index mails_waiting on mails (id) where state = 'received';
create index mails_lane_waiting on mails (lane, id) where state = 'received';
create index mails_loop on mails (loop_key, id) where loop_key is not null;
create index mails_failure_told on mails (lane, failure_told_at) where failure_told_at is not null;
create index mails_ticket on mails (ticket_id, id) where ticket_id is not null;
create index mails_message on mails (message_key);
create index mails_state on mails (state, id);

create table mail_raw (
  mail_id text collate "C" primary key references mails on delete cascade,
  -- RFC 5322, passwords of tokens masked. Mail does not compress well enough to pay for trying.
  raw bytea not null
);
alter table mail_raw alter column raw set storage external;

-- Whom a mail address stands for: compared without case.
create function lower_all(texts text[]) returns text[] language sql immutable strict parallel safe
  return array(select lower(one) from unnest(texts) with ordinality as t (one, n) order by n);
create index contacts_emails on contacts using gin (lower_all(emails)) with (fastupdate = off);
create index devices_addresses on devices using gin (lower_all(addresses)) with (fastupdate = off);
create index organizations_domains on organizations using gin (lower_all(domains)) with (fastupdate = off);

-- Tickets by the value of a user-defined field: what duplicates are found by. Tickets without one cost nothing. Entries go
-- in at once: every search would read a list of pending ones.
create index tickets_udf on tickets using gin (udf jsonb_path_ops) with (fastupdate = off) where udf <> '{}';

-- A notice that answers a mail: {inReplyTo, references, replyTo}.
alter table notifications add column reply jsonb;

-- Projects and tasks: plain records that mail adds notes and time to.
create table project_counters (
  -- `2026-11-22` for projects, a project's number for its tasks.
  scope text collate "C" primary key,
  last integer not null check (last >= 0)
);

create table projects (
  id text collate "C" primary key,
  number text collate "C" not null unique check (number ~ '^P[0-9]{8}\.[0-9]{4,}$'),
  name text not null check (btrim(name) <> '' and char_length(name) <= 250),
  description text not null default '',
  status text not null,
  organization_id text collate "C" not null references organizations,
  created_at timestamptz not null,
  created_by jsonb not null,
  version integer not null default 1
);
create index projects_organization on projects (organization_id, id);

create table tasks (
  id text collate "C" primary key,
  project_id text collate "C" not null references projects,
  -- The project's number, a dot, the task's in the project.
  number text collate "C" not null unique check (number ~ '^P[0-9]{8}\.[0-9]{4,}\.[0-9]{4,}$'),
  title text not null check (btrim(title) <> '' and char_length(title) <= 250),
  description text not null default '',
  status text not null,
  assigned_resource_id text collate "C" references resources,
  created_at timestamptz not null,
  created_by jsonb not null,
  version integer not null default 1
);
create index tasks_project on tasks (project_id, id);

-- Notes, time entries and history of a project (project_id) or a task (task_id).
create table work_notes (
  id bigint generated always as identity primary key,
  project_id text collate "C" references projects,
  task_id text collate "C" references tasks,
  at timestamptz not null,
  actor jsonb not null,
  visibility text not null check (visibility in ('internal', 'public')),
  text text not null,
  check ((project_id is null) <> (task_id is null))
);
create index work_notes_project on work_notes (project_id, id) where project_id is not null;
create index work_notes_task on work_notes (task_id, id) where task_id is not null;

create table work_time_entries (
  id bigint generated always as identity primary key,
  task_id text collate "C" not null references tasks,
  at timestamptz not null,
  actor jsonb not null,
  hours double precision not null check (hours > 0),
  role text,
  text text
);
create index work_time_entries_task on work_time_entries (task_id, id);

create table work_history (
  id bigint generated always as identity primary key,
  project_id text collate "C" references projects,
  task_id text collate "C" references tasks,
  at timestamptz not null,
  actor jsonb not null,
  field text not null,
  from_value jsonb,
  to_value jsonb,
  check ((project_id is null) <> (task_id is null))
);
create index work_history_project on work_history (project_id, id) where project_id is not null;
create index work_history_task on work_history (task_id, id) where task_id is not null;
