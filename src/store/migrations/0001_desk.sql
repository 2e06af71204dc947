-- The service desk: who there is (organizations, devices, contacts, resources), what an alert or a person asked for
-- (tickets and what hangs on them), and the fields that rule files declare.
--
-- Ids are text: a prefix for the kind (`og_`, `dv_`, `ct_`, `rs_`, `tk_`, `al_`, `dl_`, `nt_`, ...) and 26 characters
-- that sort by time (ULID), compared byte by byte (collate "C"). They carry no customer text.
-- `name_key` is the name as it compares: trimmed, NFC, folded (foldName of domain), written by the program.
-- Actors (`actor`, `created_by`) are the Actor of domain: {kind, name, rule?, file?, line?}.

create table organizations (
  id text collate "C" primary key,
  name text not null check (btrim(name) <> ''),
  name_key text collate "C" not null unique,
  domains text[] not null default '{}',
  tags text[] not null default '{}',
  -- Values of `udf organization` fields by name. "<partner> Customer ID" is not here: it is organization_external.
  udf jsonb not null default '{}' check (jsonb_typeof(udf) = 'object'),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- `external` of partner X and the field "X Customer ID" are two views of this one value (contract.md 3).
create table organization_external (
  organization_id text collate "C" not null references organizations on delete cascade,
  source text not null,
  source_key text collate "C" not null,
  external_id text collate "C" not null check (btrim(external_id) <> '' and char_length(external_id) <= 500),
  primary key (organization_id, source_key),
  unique (source_key, external_id)
);

create table devices (
  id text collate "C" primary key,
  organization_id text collate "C" not null references organizations,
  name text not null check (btrim(name) <> ''),
  name_key text collate "C" not null,
  tags text[] not null default '{}',
  -- Sender addresses that stand for the device (domain.md A12), lower case.
  addresses text[] not null default '{}',
  udf jsonb not null default '{}' check (jsonb_typeof(udf) = 'object'),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, name_key)
);
create index devices_name on devices (name_key);

create table device_external (
  device_id text collate "C" not null references devices on delete cascade,
  source text not null,
  source_key text collate "C" not null,
  external_id text collate "C" not null check (btrim(external_id) <> '' and char_length(external_id) <= 500),
  primary key (device_id, source_key),
  unique (source_key, external_id)
);

create table contacts (
  id text collate "C" primary key,
  organization_id text collate "C" not null references organizations,
  first_name text not null default '',
  last_name text not null default '',
  -- "first last", as references show it.
  name text not null check (btrim(name) <> ''),
  name_key text collate "C" not null,
  -- Primary first; compared without case (ATES-6).
  emails text[] not null check (cardinality(emails) between 1 and 3 and array_position(emails, null) is null),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index contacts_organization on contacts (organization_id);
create index contacts_name on contacts (name_key);

create table resources (
  id text collate "C" primary key,
  name text not null check (btrim(name) <> ''),
  name_key text collate "C" not null,
  email text not null check (email like '%_@_%'),
  email_key text collate "C" not null unique,
  roles text[] not null default '{}',
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index resources_name on resources (name_key);

-- What rule files declare. Left out of the set in force: inactive, values stay; declared again: active again.
create table udf_definitions (
  scope text not null check (scope in ('ticket', 'organization', 'device')),
  name text collate "C" not null,
  type text not null check (type in ('text', 'number', 'date', 'boolean')),
  -- The partner whose declaration made it, as declared and as it compares with organization_external.source_key.
  partner text,
  partner_key text collate "C",
  active boolean not null,
  primary key (scope, name),
  check ((partner is null) = (partner_key is null))
);
-- One field a partner and scope is a view of external ids; tickets have two, which are plain fields.
create unique index udf_definitions_partner on udf_definitions (partner_key, scope) where scope <> 'ticket';

-- The counter in ticket numbers, per UTC day. Leased in a transaction of its own, see lease-ticket-numbers.ts.
create table ticket_counters (
  day date primary key,
  last integer not null check (last >= 0)
);

-- Room is left on the page for updates in place (HOT): a storm touches one ticket many times.
create table tickets (
  id text collate "C" primary key,
  number text collate "C" not null unique check (number ~ '^T[0-9]{8}\.[0-9]{4,}$'),
  title text not null check (btrim(title) <> '' and char_length(title) <= 250),
  description text not null default '' check (char_length(description) <= 8000),
  resolution text not null default '' check (char_length(resolution) <= 32000),
  status text not null,
  priority text not null,
  queue text,
  category text,
  type text,
  source text not null,
  external_id text,
  -- No foreign keys from tickets and below: they would cost a lock and a trigger a row on the way of every alert.
  -- The engine locks the records that it names (for key share), so that nobody deletes them meanwhile.
  organization_id text collate "C" not null,
  contact_id text collate "C",
  device_id text collate "C",
  assigned_resource_id text collate "C",
  tags text[] not null default '{}',
  udf jsonb not null default '{}',
  due_at timestamptz,
  created_at timestamptz not null,
  created_by jsonb not null check (created_by ->> 'kind' in ('system', 'rule', 'staff', 'contact', 'integration')),
  completed_at timestamptz,
  last_human_activity_at timestamptz not null,
  touched_by_human boolean not null default false,
  note_count integer not null default 0 check (note_count >= 0),
  repeat_count integer not null default 0 check (repeat_count >= 0),
  dedup_key bytea,
  window_ends_at timestamptz check (window_ends_at is null or (dedup_key is not null and window_ends_at >= created_at)),
  version integer not null default 1 check (version >= 1),
  check ((status = 'Complete') = (completed_at is not null))
) with (fillfactor = 85);
-- The newest not-Complete ticket under a key (domain.md A6).
create index tickets_open_by_dedup_key on tickets (dedup_key, created_at desc, id desc)
  where completed_at is null and dedup_key is not null;
create index tickets_organization on tickets (organization_id, id);

create table ticket_notes (
  id bigint generated always as identity primary key,
  ticket_id text collate "C" not null,
  at timestamptz not null,
  actor jsonb not null,
  visibility text not null check (visibility in ('internal', 'public')),
  text text not null,
  -- `each` is the note of one repeat, `counted` the one note that stands for all above the limit; null: not a repeat's.
  repeat text check (repeat in ('each', 'counted'))
);
create index ticket_notes_ticket on ticket_notes (ticket_id, id);
create unique index ticket_notes_counted on ticket_notes (ticket_id) where repeat = 'counted';

create table ticket_time_entries (
  id bigint generated always as identity primary key,
  ticket_id text collate "C" not null references tickets on delete cascade,
  at timestamptz not null,
  actor jsonb not null,
  hours double precision not null check (hours > 0),
  role text,
  text text
);
create index ticket_time_entries_ticket on ticket_time_entries (ticket_id, id);

create table ticket_history (
  id bigint generated always as identity primary key,
  ticket_id text collate "C" not null,
  at timestamptz not null,
  actor jsonb not null,
  -- The API's name: `queue`, `udf.Site code`.
  field text not null,
  from_value jsonb,
  to_value jsonb
);
create index ticket_history_ticket on ticket_history (ticket_id, id);
