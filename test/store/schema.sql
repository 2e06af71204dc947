create table absences (
  id text collate "C" not null,
  key bytea not null,
  rule text not null,
  rule_hash text not null,
  last_seen_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  alert_id text collate "C" not null,
  state text default 'waiting'::text not null,
  reason text,
  ended_at timestamp with time zone,
  constraint absences_check CHECK (((ended_at IS NOT NULL) = (state <> 'waiting'::text))),
  constraint absences_pkey PRIMARY KEY (id),
  constraint absences_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'told'::text, 'dropped'::text])))
) with (fillfactor=70);
CREATE INDEX absences_ended ON public.absences USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE UNIQUE INDEX absences_of_key ON public.absences USING btree (key) WHERE (state = 'waiting'::text);
CREATE INDEX absences_waiting ON public.absences USING btree (id) WHERE (state = 'waiting'::text);

create table active_rule_set (
  one boolean default true not null,
  number integer not null,
  activated_at timestamp with time zone default now() not null,
  activated_by text not null,
  activation bigint default 1 not null,
  constraint active_rule_set_number_fkey FOREIGN KEY (number) REFERENCES rule_sets(number),
  constraint active_rule_set_one_check CHECK (one),
  constraint active_rule_set_pkey PRIMARY KEY (one)
);

create table alert_counts (
  key bytea not null,
  times bigint[] default '{}'::bigint[] not null,
  expires_at timestamp with time zone default now() not null,
  constraint alert_counts_pkey PRIMARY KEY (key)
) with (fillfactor=70);

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

create table armed_rules (
  rule text not null,
  rule_hash text not null,
  constraint armed_rules_pkey PRIMARY KEY (rule)
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

create table callout_breakers (
  callout text collate "C" not null,
  opened_at timestamp with time zone not null,
  next_probe_at timestamp with time zone not null,
  declaration_hash text,
  constraint callout_breakers_check CHECK ((next_probe_at >= opened_at)),
  constraint callout_breakers_pkey PRIMARY KEY (callout)
);

create table callout_switches (
  callout text not null,
  active boolean not null,
  declaration_hash text not null,
  switched_by text not null,
  at timestamp with time zone default now() not null,
  actor jsonb,
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
CREATE INDEX contacts_emails ON public.contacts USING gin (lower_all(emails)) WITH (fastupdate=off);
CREATE INDEX contacts_name ON public.contacts USING btree (name_key);
CREATE INDEX contacts_organization ON public.contacts USING btree (organization_id);

create table dedup_keys (
  key bytea not null,
  uses bigint default 1 not null,
  used_at timestamp with time zone default now() not null,
  constraint dedup_keys_pkey PRIMARY KEY (key)
) with (fillfactor=85);

create table deferred_alerts (
  identity bytea not null,
  alert_id text collate "C" not null,
  end_id text collate "C" not null,
  constraint deferred_alerts_end_id_fkey FOREIGN KEY (end_id) REFERENCES maintenance_ends(id),
  constraint deferred_alerts_pkey PRIMARY KEY (identity)
) with (fillfactor=85);
CREATE INDEX deferred_alerts_end ON public.deferred_alerts USING btree (end_id, identity);

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
  requested_by jsonb,
  is_test boolean default false not null,
  declaration_hash text,
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
CREATE INDEX deliveries_counted ON public.deliveries USING btree (callout, declaration_hash, finished_at DESC, "position" DESC) WHERE ((state = ANY (ARRAY['succeeded'::text, 'failed'::text])) AND (NOT is_test) AND (request IS NOT NULL));
CREATE INDEX deliveries_ended ON public.deliveries USING btree (callout, finished_at DESC, "position" DESC) WHERE (state = ANY (ARRAY['succeeded'::text, 'failed'::text]));
CREATE UNIQUE INDEX deliveries_in_flight ON public.deliveries USING btree (callout, ticket_id) WHERE ((state = ANY (ARRAY['running'::text, 'waiting'::text])) AND (NOT is_test));
CREATE INDEX deliveries_paused ON public.deliveries USING btree (callout, "position") WHERE ((state = ANY (ARRAY['pending'::text, 'waiting'::text])) AND (reason IS NOT NULL));
CREATE INDEX deliveries_replay_of ON public.deliveries USING btree (replay_of) WHERE (replay_of IS NOT NULL);
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

create table delivery_replays (
  id text collate "C" not null,
  callout text not null,
  since timestamp with time zone not null,
  per_second integer not null,
  matching integer not null,
  requested_by jsonb not null,
  created_at timestamp with time zone not null,
  constraint delivery_replays_per_second_check CHECK (((per_second >= 1) AND (per_second <= 100))),
  constraint delivery_replays_pkey PRIMARY KEY (id)
);

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
CREATE INDEX devices_addresses ON public.devices USING gin (lower_all(addresses)) WITH (fastupdate=off);
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

create table holds (
  id text collate "C" not null,
  identity bytea not null,
  rule text not null,
  rule_hash text not null,
  started_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  alert_id text collate "C" not null,
  state text default 'waiting'::text not null,
  reason text,
  ended_at timestamp with time zone,
  constraint holds_check CHECK (((ended_at IS NOT NULL) = (state <> 'waiting'::text))),
  constraint holds_pkey PRIMARY KEY (id),
  constraint holds_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'released'::text, 'cleared'::text, 'dropped'::text])))
) with (fillfactor=85);
CREATE INDEX holds_ended ON public.holds USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE UNIQUE INDEX holds_of_identity ON public.holds USING btree (identity, rule) WHERE (state = 'waiting'::text);
CREATE INDEX holds_waiting ON public.holds USING btree (id) WHERE (state = 'waiting'::text);

create table installation (
  one boolean default true not null,
  id text default ('in_'::text || replace((gen_random_uuid())::text, '-'::text, ''::text)) not null,
  constraint installation_one_check CHECK (one),
  constraint installation_pkey PRIMARY KEY (one)
);

create table known_temporal (
  one boolean default true not null,
  namespace_id text not null,
  constraint known_temporal_one_check CHECK (one),
  constraint known_temporal_pkey PRIMARY KEY (one)
);

create table mail_raw (
  mail_id text collate "C" not null,
  raw bytea not null,
  constraint mail_raw_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id) ON DELETE CASCADE,
  constraint mail_raw_pkey PRIMARY KEY (mail_id)
) with (toast_tuple_target=8160);

create table mails (
  id text collate "C" not null,
  mailbox text not null,
  message_key bytea not null,
  message_id text,
  lane bytea not null,
  received_at timestamp with time zone not null,
  envelope_from text not null,
  envelope_to text[] not null,
  peer text not null,
  bytes integer not null,
  token_accepted boolean,
  token_hash text,
  state text default 'received'::text not null,
  reason text,
  object text,
  ticket_id text collate "C",
  item text,
  sender text,
  subject text,
  loop_key bytea,
  facts jsonb,
  explanation jsonb,
  firings jsonb default '[]'::jsonb not null,
  warnings text[] default '{}'::text[] not null,
  rule_set integer,
  failure_told_at timestamp with time zone,
  attempts integer default 0 not null,
  next_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  retried_at timestamp with time zone,
  constraint mails_bytes_check CHECK ((bytes >= 0)),
  constraint mails_check CHECK (((state = 'received'::text) = (decided_at IS NULL))),
  constraint mails_check1 CHECK (((reason IS NOT NULL) OR (state <> ALL (ARRAY['ignored'::text, 'failed'::text])))),
  constraint mails_pkey PRIMARY KEY (id),
  constraint mails_state_check CHECK ((state = ANY (ARRAY['received'::text, 'processed'::text, 'ignored'::text, 'failed'::text])))
) with (fillfactor=80);
CREATE INDEX mails_failure_told ON public.mails USING btree (lane, failure_told_at) WHERE (failure_told_at IS NOT NULL);
CREATE INDEX mails_lane_waiting ON public.mails USING btree (lane, id) WHERE (state = 'received'::text);
CREATE INDEX mails_loop ON public.mails USING btree (loop_key, id) WHERE (loop_key IS NOT NULL);
CREATE UNIQUE INDEX mails_message_mailbox ON public.mails USING btree (message_key, mailbox);
CREATE INDEX mails_state ON public.mails USING btree (state, id);
CREATE INDEX mails_ticket ON public.mails USING btree (ticket_id, id) WHERE (ticket_id IS NOT NULL);

create table maintenance_ends (
  id text collate "C" not null,
  name text not null,
  until_at timestamp with time zone not null,
  closing boolean default false not null,
  constraint maintenance_ends_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX maintenance_ends_open ON public.maintenance_ends USING btree (name, until_at) WHERE (NOT closing);

create table maintenance_windows (
  id text collate "C" not null,
  name text not null,
  organization_ids text[] collate "C" default '{}'::text[] not null,
  devices text[] default '{}'::text[] not null,
  sources text[] default '{}'::text[] not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  created_by text not null,
  constraint maintenance_windows_check CHECK ((from_at < to_at)),
  constraint maintenance_windows_name_check CHECK ((btrim(name) <> ''::text)),
  constraint maintenance_windows_pkey PRIMARY KEY (id)
);
CREATE INDEX maintenance_windows_end ON public.maintenance_windows USING btree (to_at);

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
  reply jsonb,
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
CREATE INDEX organizations_domains ON public.organizations USING gin (lower_all(domains)) WITH (fastupdate=off);

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

create table passed_clocks (
  ticket_id text collate "C" not null,
  rule text not null,
  clock text not null,
  deadline timestamp with time zone not null,
  fired boolean not null,
  constraint passed_clocks_clock_check CHECK ((clock = ANY (ARRAY['ticket-idle'::text, 'ticket-open'::text, 'ticket-due'::text, 'ticket-overdue'::text]))),
  constraint passed_clocks_pkey PRIMARY KEY (ticket_id, clock, rule)
);

create table project_counters (
  scope text collate "C" not null,
  last integer not null,
  constraint project_counters_last_check CHECK ((last >= 0)),
  constraint project_counters_pkey PRIMARY KEY (scope)
);

create table projects (
  id text collate "C" not null,
  number text collate "C" not null,
  name text not null,
  description text default ''::text not null,
  status text not null,
  organization_id text collate "C" not null,
  created_at timestamp with time zone not null,
  created_by jsonb not null,
  version integer default 1 not null,
  constraint projects_name_check CHECK (((btrim(name) <> ''::text) AND (char_length(name) <= 250))),
  constraint projects_number_check CHECK ((number ~ '^P[0-9]{8}\.[0-9]{4,}$'::text)),
  constraint projects_number_key UNIQUE (number),
  constraint projects_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  constraint projects_pkey PRIMARY KEY (id)
);
CREATE INDEX projects_organization ON public.projects USING btree (organization_id, id);

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

create table rule_clocks (
  rule text collate "C" not null,
  hash text collate "C" not null,
  since bigint not null,
  hash_since bigint not null,
  constraint rule_clocks_check CHECK ((hash_since >= since)),
  constraint rule_clocks_pkey PRIMARY KEY (rule)
);

create table rule_firings (
  rule text collate "C" not null,
  hour timestamp with time zone not null,
  firings bigint not null,
  last_at timestamp with time zone not null,
  constraint rule_firings_firings_check CHECK ((firings >= 1)),
  constraint rule_firings_pkey PRIMARY KEY (rule, hour)
) with (fillfactor=80);
CREATE INDEX rule_firings_hour ON public.rule_firings USING btree (hour);

create table rule_firings_new (
  rule text collate "C" not null,
  hour timestamp with time zone not null,
  firings bigint not null,
  last_at timestamp with time zone not null
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=2000);

create table rule_firings_uncounted (
  one boolean default true not null,
  up_to bigint not null,
  constraint rule_firings_uncounted_one_check CHECK (one),
  constraint rule_firings_uncounted_pkey PRIMARY KEY (one)
);

create table rule_schedules (
  key text collate "C" not null,
  rule text not null,
  hash text collate "C" not null,
  times jsonb not null,
  file text not null,
  line integer not null,
  wanted boolean default true not null,
  told_hash text,
  constraint rule_schedules_pkey PRIMARY KEY (key)
);

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

create table schedule_runs (
  rule text collate "C" not null,
  at timestamp with time zone not null,
  constraint schedule_runs_pkey PRIMARY KEY (rule, at)
);

create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  compatible_since integer,
  constraint schema_migrations_pkey PRIMARY KEY (number)
);

create table tasks (
  id text collate "C" not null,
  project_id text collate "C" not null,
  number text collate "C" not null,
  title text not null,
  description text default ''::text not null,
  status text not null,
  assigned_resource_id text collate "C",
  created_at timestamp with time zone not null,
  created_by jsonb not null,
  version integer default 1 not null,
  constraint tasks_assigned_resource_id_fkey FOREIGN KEY (assigned_resource_id) REFERENCES resources(id),
  constraint tasks_number_check CHECK ((number ~ '^P[0-9]{8}\.[0-9]{4,}\.[0-9]{4,}$'::text)),
  constraint tasks_number_key UNIQUE (number),
  constraint tasks_pkey PRIMARY KEY (id),
  constraint tasks_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id),
  constraint tasks_title_check CHECK (((btrim(title) <> ''::text) AND (char_length(title) <= 250)))
);
CREATE INDEX tasks_project ON public.tasks USING btree (project_id, id);

create table ticket_alerts (
  ticket_id text collate "C" not null,
  alert_id text collate "C" not null,
  constraint ticket_alerts_pkey PRIMARY KEY (ticket_id, alert_id)
);
CREATE INDEX ticket_alerts_alert ON public.ticket_alerts USING btree (alert_id);

create table ticket_clocks (
  ticket_id text collate "C" not null,
  saved_under bigint not null,
  armed_under bigint not null,
  due_at timestamp with time zone,
  rule text,
  clock text,
  constraint ticket_clocks_check CHECK ((((due_at IS NULL) = (rule IS NULL)) AND ((rule IS NULL) = (clock IS NULL)))),
  constraint ticket_clocks_clock_check CHECK ((clock = ANY (ARRAY['ticket-idle'::text, 'ticket-open'::text, 'ticket-due'::text, 'ticket-overdue'::text]))),
  constraint ticket_clocks_pkey PRIMARY KEY (ticket_id)
) with (fillfactor=85);
CREATE INDEX ticket_clocks_due ON public.ticket_clocks USING btree (due_at) WHERE (due_at IS NOT NULL);

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
CREATE INDEX tickets_udf ON public.tickets USING gin (udf jsonb_path_ops) WITH (fastupdate=off) WHERE (udf <> '{}'::jsonb);
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

create table work_history (
  id bigint generated always as identity not null,
  project_id text collate "C",
  task_id text collate "C",
  at timestamp with time zone not null,
  actor jsonb not null,
  field text not null,
  from_value jsonb,
  to_value jsonb,
  constraint work_history_check CHECK (((project_id IS NULL) <> (task_id IS NULL))),
  constraint work_history_pkey PRIMARY KEY (id),
  constraint work_history_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id),
  constraint work_history_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
CREATE INDEX work_history_project ON public.work_history USING btree (project_id, id) WHERE (project_id IS NOT NULL);
CREATE INDEX work_history_task ON public.work_history USING btree (task_id, id) WHERE (task_id IS NOT NULL);

create table work_notes (
  id bigint generated always as identity not null,
  project_id text collate "C",
  task_id text collate "C",
  at timestamp with time zone not null,
  actor jsonb not null,
  visibility text not null,
  text text not null,
  constraint work_notes_check CHECK (((project_id IS NULL) <> (task_id IS NULL))),
  constraint work_notes_pkey PRIMARY KEY (id),
  constraint work_notes_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id),
  constraint work_notes_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id),
  constraint work_notes_visibility_check CHECK ((visibility = ANY (ARRAY['internal'::text, 'public'::text])))
);
CREATE INDEX work_notes_project ON public.work_notes USING btree (project_id, id) WHERE (project_id IS NOT NULL);
CREATE INDEX work_notes_task ON public.work_notes USING btree (task_id, id) WHERE (task_id IS NOT NULL);

create table work_time_entries (
  id bigint generated always as identity not null,
  task_id text collate "C" not null,
  at timestamp with time zone not null,
  actor jsonb not null,
  hours double precision not null,
  role text,
  text text,
  constraint work_time_entries_hours_check CHECK ((hours > (0)::double precision)),
  constraint work_time_entries_pkey PRIMARY KEY (id),
  constraint work_time_entries_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
CREATE INDEX work_time_entries_task ON public.work_time_entries USING btree (task_id, id);

create table workers (
  id text collate "C" not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  task_queues text[] default '{}'::text[] not null,
  constraint workers_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION public.lower_all(texts text[])
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ARRAY(SELECT lower(t.one) AS lower FROM unnest(lower_all.texts) WITH ORDINALITY t(one, n) ORDER BY t.n)

CREATE OR REPLACE FUNCTION public.note_firings()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into rule_firings_new (rule, hour, firings, last_at)
  select rule, date_trunc('hour', at, 'UTC'), count(*), max(at) from added group by 1, 2;
  return null;
end $function$

CREATE TRIGGER firings_noted AFTER INSERT ON public.firings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_firings();