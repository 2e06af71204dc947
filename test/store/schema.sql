create table active_rule_set (
  one boolean default true not null,
  number integer not null,
  activated_at timestamp with time zone default now() not null,
  activated_by text not null,
  constraint active_rule_set_number_fkey FOREIGN KEY (number) REFERENCES rule_sets(number),
  constraint active_rule_set_one_check CHECK (one),
  constraint active_rule_set_pkey PRIMARY KEY (one)
);

create table alert_deliveries (
  key bytea not null,
  alert_id text collate "C" not null,
  constraint alert_deliveries_pkey PRIMARY KEY (key)
);

create table alerts (
  id text collate "C" not null,
  received_at timestamp with time zone not null,
  source text not null,
  title text not null,
  severity text,
  status text not null,
  alert_id text,
  delivery_id text,
  delivery_key bytea,
  organization_id text collate "C",
  device_id text collate "C",
  members jsonb not null,
  outcome text not null,
  why text not null,
  ticket_id text collate "C",
  repeat integer,
  warnings text[] default '{}'::text[] not null,
  rule_set integer not null,
  constraint alerts_check CHECK (((outcome <> ALL (ARRAY['ticket_created'::text, 'note_added'::text])) OR (ticket_id IS NOT NULL))),
  constraint alerts_outcome_check CHECK ((outcome = ANY (ARRAY['ticket_created'::text, 'note_added'::text, 'held'::text, 'suppressed'::text, 'handled'::text, 'unmatched'::text, 'resolved'::text]))),
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_repeat_check CHECK ((repeat >= 1)),
  constraint alerts_status_check CHECK ((status = ANY (ARRAY['firing'::text, 'resolved'::text])))
);
CREATE INDEX alerts_organization ON public.alerts USING btree (organization_id, id) WHERE (organization_id IS NOT NULL);
CREATE INDEX alerts_title ON public.alerts USING btree ("left"(title, 100) COLLATE "C");

create table api_keys (
  id text collate "C" not null,
  name text not null,
  hash bytea not null,
  role text not null,
  actor text not null,
  integration text,
  created_at timestamp with time zone default now() not null,
  created_by text,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_actor_check CHECK ((actor = ANY (ARRAY['staff'::text, 'contact'::text, 'integration'::text]))),
  constraint api_keys_hash_check CHECK ((octet_length(hash) = 32)),
  constraint api_keys_hash_key UNIQUE (hash),
  constraint api_keys_name_check CHECK ((btrim(name) <> ''::text)),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['ingest'::text, 'read'::text, 'operate'::text, 'admin'::text])))
);

create table audit (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  actor jsonb not null,
  action text not null,
  object text,
  details jsonb default '{}'::jsonb not null,
  constraint audit_pkey PRIMARY KEY (id)
);

create table callout_switches (
  callout text not null,
  active boolean not null,
  declaration_hash text not null,
  switched_by text not null,
  at timestamp with time zone default now() not null,
  constraint callout_switches_pkey PRIMARY KEY (callout)
);

create table contacts (
  id text collate "C" not null,
  organization_id text collate "C" not null,
  first_name text default ''::text not null,
  last_name text default ''::text not null,
  name text not null,
  name_key text collate "C" not null,
  emails text[] not null,
  active boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint contacts_emails_check CHECK ((((cardinality(emails) >= 1) AND (cardinality(emails) <= 3)) AND (array_position(emails, NULL::text) IS NULL))),
  constraint contacts_name_check CHECK ((btrim(name) <> ''::text)),
  constraint contacts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint contacts_pkey PRIMARY KEY (id)
);
CREATE INDEX contacts_name ON public.contacts USING btree (name_key);
CREATE INDEX contacts_organization ON public.contacts USING btree (organization_id);

create table dedup_keys (
  key bytea not null,
  uses bigint default 1 not null,
  used_at timestamp with time zone default now() not null,
  constraint dedup_keys_pkey PRIMARY KEY (key)
) with (fillfactor=85);

create table deliveries (
  id text collate "C" not null,
  "position" bigint generated always as identity not null,
  callout text not null,
  ticket_id text collate "C" not null,
  rule jsonb not null,
  created_at timestamp with time zone not null,
  state text not null,
  reason text,
  request jsonb,
  schedule jsonb not null,
  notify_on_failure text[] default '{}'::text[] not null,
  replay_of text collate "C",
  attempt_count integer default 0 not null,
  next_attempt_at timestamp with time zone,
  finished_at timestamp with time zone,
  event_decided_at timestamp with time zone,
  constraint deliveries_attempt_count_check CHECK ((attempt_count >= 0)),
  constraint deliveries_check CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'given_up'::text, 'skipped'::text])))),
  constraint deliveries_check1 CHECK (((request IS NOT NULL) OR (state = ANY (ARRAY['failed'::text, 'skipped'::text])))),
  constraint deliveries_check2 CHECK (((reason IS NOT NULL) OR (state <> ALL (ARRAY['failed'::text, 'skipped'::text])))),
  constraint deliveries_check3 CHECK (((next_attempt_at IS NULL) OR (state = ANY (ARRAY['pending'::text, 'running'::text, 'waiting'::text])))),
  constraint deliveries_check4 CHECK (((event_decided_at IS NULL) OR (finished_at IS NOT NULL))),
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_position_key UNIQUE ("position"),
  constraint deliveries_replay_of_fkey FOREIGN KEY (replay_of) REFERENCES deliveries(id) ON DELETE SET NULL,
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'running'::text, 'waiting'::text, 'succeeded'::text, 'failed'::text, 'given_up'::text, 'skipped'::text])))
);
CREATE INDEX deliveries_callout ON public.deliveries USING btree (callout, id);
CREATE UNIQUE INDEX deliveries_in_flight ON public.deliveries USING btree (callout, ticket_id) WHERE (state = ANY (ARRAY['running'::text, 'waiting'::text]));
CREATE INDEX deliveries_ticket ON public.deliveries USING btree (ticket_id, id);
CREATE INDEX deliveries_undecided ON public.deliveries USING btree (id) WHERE ((finished_at IS NOT NULL) AND (event_decided_at IS NULL) AND (state <> 'skipped'::text) AND (request IS NOT NULL));
CREATE INDEX deliveries_unfinished ON public.deliveries USING btree (callout, ticket_id, "position") WHERE (state = ANY (ARRAY['pending'::text, 'running'::text, 'waiting'::text]));

create table delivery_attempts (
  delivery_id text collate "C" not null,
  n integer not null,
  at timestamp with time zone not null,
  duration_ms integer,
  status integer,
  error text,
  response_start text,
  succeeded boolean,
  constraint delivery_attempts_check CHECK (((succeeded IS NULL) OR (duration_ms IS NOT NULL) OR (error IS NOT NULL))),
  constraint delivery_attempts_check1 CHECK (((succeeded IS DISTINCT FROM true) OR (error IS NULL))),
  constraint delivery_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(id) ON DELETE CASCADE,
  constraint delivery_attempts_duration_ms_check CHECK ((duration_ms >= 0)),
  constraint delivery_attempts_n_check CHECK ((n >= 1)),
  constraint delivery_attempts_pkey PRIMARY KEY (delivery_id, n)
);
CREATE UNIQUE INDEX delivery_attempts_succeeded ON public.delivery_attempts USING btree (delivery_id) WHERE succeeded;

create table device_external (
  device_id text collate "C" not null,
  source text not null,
  source_key text collate "C" not null,
  external_id text collate "C" not null,
  constraint device_external_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE,
  constraint device_external_external_id_check CHECK (((btrim(external_id) <> ''::text) AND (char_length(external_id) <= 500))),
  constraint device_external_pkey PRIMARY KEY (device_id, source_key),
  constraint device_external_source_key_external_id_key UNIQUE (source_key, external_id)
);

create table devices (
  id text collate "C" not null,
  organization_id text collate "C" not null,
  name text not null,
  name_key text collate "C" not null,
  tags text[] default '{}'::text[] not null,
  addresses text[] default '{}'::text[] not null,
  udf jsonb default '{}'::jsonb not null,
  active boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint devices_name_check CHECK ((btrim(name) <> ''::text)),
  constraint devices_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint devices_organization_id_name_key_key UNIQUE (organization_id, name_key),
  constraint devices_pkey PRIMARY KEY (id),
  constraint devices_udf_check CHECK ((jsonb_typeof(udf) = 'object'::text))
);
CREATE INDEX devices_name ON public.devices USING btree (name_key);

create table disagreements (
  id bigint generated always as identity not null,
  alert_id text collate "C",
  ticket_id text collate "C",
  rule text not null,
  at timestamp with time zone not null,
  rule_set integer not null,
  detail text not null,
  constraint disagreements_pkey PRIMARY KEY (id)
);

create table firings (
  id bigint generated always as identity not null,
  alert_id text collate "C",
  ticket_id text collate "C",
  rule text not null,
  file text not null,
  line integer not null,
  event text not null,
  depth smallint not null,
  at timestamp with time zone not null,
  rule_set integer not null,
  conditions jsonb not null,
  outcomes jsonb not null,
  constraint firings_depth_check CHECK ((depth >= 0)),
  constraint firings_pkey PRIMARY KEY (id)
);
CREATE INDEX firings_alert ON public.firings USING btree (alert_id, id) WHERE (alert_id IS NOT NULL);
CREATE INDEX firings_ticket ON public.firings USING btree (ticket_id, id) WHERE (ticket_id IS NOT NULL);

create table notification_attempts (
  notification_id text collate "C" not null,
  n integer not null,
  at timestamp with time zone not null,
  duration_ms integer,
  error text,
  constraint notification_attempts_duration_ms_check CHECK ((duration_ms >= 0)),
  constraint notification_attempts_n_check CHECK ((n >= 1)),
  constraint notification_attempts_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES notifications(id) ON DELETE CASCADE,
  constraint notification_attempts_pkey PRIMARY KEY (notification_id, n)
);

create table notifications (
  id text collate "C" not null,
  recipient text not null,
  channel text not null,
  destination text not null,
  subject text not null,
  body text not null,
  ticket_id text collate "C",
  rule text,
  callout text,
  created_at timestamp with time zone not null,
  state text default 'pending'::text not null,
  reason text,
  attempt_count integer default 0 not null,
  finished_at timestamp with time zone,
  constraint notifications_attempt_count_check CHECK ((attempt_count >= 0)),
  constraint notifications_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text]))),
  constraint notifications_check CHECK (((finished_at IS NOT NULL) = (state <> 'pending'::text))),
  constraint notifications_pkey PRIMARY KEY (id),
  constraint notifications_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text, 'no_transport'::text])))
);
CREATE INDEX notifications_pending ON public.notifications USING btree (id) WHERE (state = 'pending'::text);
CREATE INDEX notifications_ticket ON public.notifications USING btree (ticket_id, id) WHERE (ticket_id IS NOT NULL);

create table once_keys (
  key bytea not null,
  ticket_id text collate "C",
  created_at timestamp with time zone,
  constraint once_keys_check CHECK (((ticket_id IS NULL) = (created_at IS NULL))),
  constraint once_keys_pkey PRIMARY KEY (key)
);

create table organization_external (
  organization_id text collate "C" not null,
  source text not null,
  source_key text collate "C" not null,
  external_id text collate "C" not null,
  constraint organization_external_external_id_check CHECK (((btrim(external_id) <> ''::text) AND (char_length(external_id) <= 500))),
  constraint organization_external_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE,
  constraint organization_external_pkey PRIMARY KEY (organization_id, source_key),
  constraint organization_external_source_key_external_id_key UNIQUE (source_key, external_id)
);

create table organizations (
  id text collate "C" not null,
  name text not null,
  name_key text collate "C" not null,
  domains text[] default '{}'::text[] not null,
  tags text[] default '{}'::text[] not null,
  udf jsonb default '{}'::jsonb not null,
  active boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint organizations_name_check CHECK ((btrim(name) <> ''::text)),
  constraint organizations_name_key_key UNIQUE (name_key),
  constraint organizations_pkey PRIMARY KEY (id),
  constraint organizations_udf_check CHECK ((jsonb_typeof(udf) = 'object'::text))
);

create table outbox (
  id bigint generated always as identity not null,
  lane smallint not null,
  kind text not null,
  workflow_id text collate "C" not null,
  payload jsonb not null,
  expires_at timestamp with time zone,
  attempts integer default 0 not null,
  next_at timestamp with time zone default now() not null,
  last_error text,
  created_at timestamp with time zone default now() not null,
  done_at timestamp with time zone,
  constraint outbox_lane_check CHECK (((lane >= 0) AND (lane <= 9))),
  constraint outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_done ON public.outbox USING btree (done_at) WHERE (done_at IS NOT NULL);
CREATE INDEX outbox_pending ON public.outbox USING btree (lane, id) WHERE (done_at IS NULL);

create table refused_alerts (
  id text collate "C" not null,
  at timestamp with time zone not null,
  key_name text,
  code text not null,
  reason text not null,
  errors jsonb,
  body_start text not null,
  constraint refused_alerts_pkey PRIMARY KEY (id)
);

create table resources (
  id text collate "C" not null,
  name text not null,
  name_key text collate "C" not null,
  email text not null,
  email_key text collate "C" not null,
  roles text[] default '{}'::text[] not null,
  active boolean default true not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint resources_email_check CHECK ((email ~~ '%_@_%'::text)),
  constraint resources_email_key_key UNIQUE (email_key),
  constraint resources_name_check CHECK ((btrim(name) <> ''::text)),
  constraint resources_pkey PRIMARY KEY (id)
);
CREATE INDEX resources_name ON public.resources USING btree (name_key);

create table rule_sets (
  number integer not null,
  hash text collate "C" not null,
  author text not null,
  origin text not null,
  message text,
  created_at timestamp with time zone default now() not null,
  files jsonb not null,
  diagnostics jsonb default '[]'::jsonb not null,
  constraint rule_sets_files_check CHECK ((jsonb_typeof(files) = 'array'::text)),
  constraint rule_sets_number_check CHECK ((number >= 1)),
  constraint rule_sets_origin_check CHECK ((origin = ANY (ARRAY['up'::text, 'api'::text]))),
  constraint rule_sets_pkey PRIMARY KEY (number)
);

create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (number)
);

create table ticket_alerts (
  ticket_id text collate "C" not null,
  alert_id text collate "C" not null,
  constraint ticket_alerts_pkey PRIMARY KEY (ticket_id, alert_id)
);
CREATE INDEX ticket_alerts_alert ON public.ticket_alerts USING btree (alert_id);

create table ticket_counters (
  day date not null,
  last integer not null,
  constraint ticket_counters_last_check CHECK ((last >= 0)),
  constraint ticket_counters_pkey PRIMARY KEY (day)
);

create table ticket_history (
  id bigint generated always as identity not null,
  ticket_id text collate "C" not null,
  at timestamp with time zone not null,
  actor jsonb not null,
  field text not null,
  from_value jsonb,
  to_value jsonb,
  constraint ticket_history_pkey PRIMARY KEY (id)
);
CREATE INDEX ticket_history_ticket ON public.ticket_history USING btree (ticket_id, id);

create table ticket_identities (
  identity bytea not null,
  ticket_id text collate "C" not null,
  constraint ticket_identities_pkey PRIMARY KEY (identity, ticket_id)
);

create table ticket_notes (
  id bigint generated always as identity not null,
  ticket_id text collate "C" not null,
  at timestamp with time zone not null,
  actor jsonb not null,
  visibility text not null,
  text text not null,
  repeat text,
  constraint ticket_notes_pkey PRIMARY KEY (id),
  constraint ticket_notes_repeat_check CHECK ((repeat = ANY (ARRAY['each'::text, 'counted'::text]))),
  constraint ticket_notes_visibility_check CHECK ((visibility = ANY (ARRAY['internal'::text, 'public'::text])))
);
CREATE UNIQUE INDEX ticket_notes_counted ON public.ticket_notes USING btree (ticket_id) WHERE (repeat = 'counted'::text);
CREATE INDEX ticket_notes_ticket ON public.ticket_notes USING btree (ticket_id, id);

create table ticket_time_entries (
  id bigint generated always as identity not null,
  ticket_id text collate "C" not null,
  at timestamp with time zone not null,
  actor jsonb not null,
  hours double precision not null,
  role text,
  text text,
  constraint ticket_time_entries_hours_check CHECK ((hours > (0)::double precision)),
  constraint ticket_time_entries_pkey PRIMARY KEY (id),
  constraint ticket_time_entries_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES tickets(id) ON DELETE CASCADE
);
CREATE INDEX ticket_time_entries_ticket ON public.ticket_time_entries USING btree (ticket_id, id);

create table tickets (
  id text collate "C" not null,
  number text collate "C" not null,
  title text not null,
  description text default ''::text not null,
  resolution text default ''::text not null,
  status text not null,
  priority text not null,
  queue text,
  category text,
  type text,
  source text not null,
  external_id text,
  organization_id text collate "C" not null,
  contact_id text collate "C",
  device_id text collate "C",
  assigned_resource_id text collate "C",
  tags text[] default '{}'::text[] not null,
  udf jsonb default '{}'::jsonb not null,
  due_at timestamp with time zone,
  created_at timestamp with time zone not null,
  created_by jsonb not null,
  completed_at timestamp with time zone,
  last_human_activity_at timestamp with time zone not null,
  touched_by_human boolean default false not null,
  note_count integer default 0 not null,
  repeat_count integer default 0 not null,
  dedup_key bytea,
  window_ends_at timestamp with time zone,
  version integer default 1 not null,
  constraint tickets_check CHECK (((window_ends_at IS NULL) OR ((dedup_key IS NOT NULL) AND (window_ends_at >= created_at)))),
  constraint tickets_check1 CHECK (((status = 'Complete'::text) = (completed_at IS NOT NULL))),
  constraint tickets_created_by_check CHECK (((created_by ->> 'kind'::text) = ANY (ARRAY['system'::text, 'rule'::text, 'staff'::text, 'contact'::text, 'integration'::text]))),
  constraint tickets_description_check CHECK ((char_length(description) <= 8000)),
  constraint tickets_note_count_check CHECK ((note_count >= 0)),
  constraint tickets_number_check CHECK ((number ~ '^T[0-9]{8}\.[0-9]{4,}$'::text)),
  constraint tickets_number_key UNIQUE (number),
  constraint tickets_pkey PRIMARY KEY (id),
  constraint tickets_repeat_count_check CHECK ((repeat_count >= 0)),
  constraint tickets_resolution_check CHECK ((char_length(resolution) <= 32000)),
  constraint tickets_title_check CHECK (((btrim(title) <> ''::text) AND (char_length(title) <= 250))),
  constraint tickets_version_check CHECK ((version >= 1))
) with (fillfactor=85);
CREATE INDEX tickets_open_by_dedup_key ON public.tickets USING btree (dedup_key, created_at DESC, id DESC) WHERE ((completed_at IS NULL) AND (dedup_key IS NOT NULL));
CREATE INDEX tickets_organization ON public.tickets USING btree (organization_id, id);
CREATE INDEX tickets_window ON public.tickets USING brin (window_ends_at);

create table udf_definitions (
  scope text not null,
  name text collate "C" not null,
  type text not null,
  partner text,
  partner_key text collate "C",
  active boolean not null,
  constraint udf_definitions_check CHECK (((partner IS NULL) = (partner_key IS NULL))),
  constraint udf_definitions_pkey PRIMARY KEY (scope, name),
  constraint udf_definitions_scope_check CHECK ((scope = ANY (ARRAY['ticket'::text, 'organization'::text, 'device'::text]))),
  constraint udf_definitions_type_check CHECK ((type = ANY (ARRAY['text'::text, 'number'::text, 'date'::text, 'boolean'::text])))
);
CREATE UNIQUE INDEX udf_definitions_partner ON public.udf_definitions USING btree (partner_key, scope) WHERE (scope <> 'ticket'::text);

create table workers (
  id text collate "C" not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  task_queues text[] default '{}'::text[] not null,
  constraint workers_pkey PRIMARY KEY (id)
);
