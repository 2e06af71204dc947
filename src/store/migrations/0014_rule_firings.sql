-- compatible since: 9
-- How often each rule fired, by the hour: what the rule audit and the editors ask, without reading `firings`, of which there
-- are millions. Alerts only add to `rule_firings_new`, a row a statement and rule, so that no two of them wait for each
-- other over a rule's row; workers fold that into `rule_firings` every minute. Read together the two are exact.
--
--   insert into firings --trigger--> rule_firings_new --fold--> rule_firings
--   firings from before this migration --counted in steps, newest first--> rule_firings
--
-- A trigger, so that servers of the version before, which run beside this one, are counted too.

create table rule_firings (
  rule text collate "C" not null,
  -- Its beginning, UTC.
  hour timestamptz not null,
  firings bigint not null check (firings >= 1),
  last_at timestamptz not null,
  primary key (rule, hour)
) with (fillfactor = 80);
create index rule_firings_hour on rule_firings (hour);

-- Emptied all the time: reading it must not mean reading what was there.
create table rule_firings_new (
  rule text collate "C" not null,
  hour timestamptz not null,
  firings bigint not null,
  last_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create function note_firings() returns trigger language plpgsql as $$
begin
  insert into rule_firings_new (rule, hour, firings, last_at)
  select rule, date_trunc('hour', at, 'UTC'), count(*), max(at) from added group by 1, 2;
  return null;
end $$;
-- Waits for the inserts under way, which are short; none is counted twice or not at all.
create trigger firings_noted after insert on firings
  referencing new table as added for each statement execute function note_firings();

-- Firings up to this id were not counted yet; no row: all were.
create table rule_firings_uncounted (
  one boolean primary key default true check (one),
  up_to bigint not null
);
insert into rule_firings_uncounted (up_to) select max(id) from firings having max(id) is not null;
