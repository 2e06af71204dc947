-- compatible since: 9
-- Who switched a callout, as every other `by` says it. Null: an older program wrote the name alone.
alter table callout_switches add column actor jsonb;
