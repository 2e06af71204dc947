-- compatible since: 9
-- Test calls stand outside of the order of a callout's deliveries, and a callout that pauses itself counts by its text.

-- One delivery in flight per callout and ticket; a test call goes out beside it, now, and holds up nobody.
drop index deliveries_in_flight;
create unique index deliveries_in_flight on deliveries (callout, ticket_id)
  where state in ('running', 'waiting') and not is_test;

-- Hash of the callout's text that the delivery was made by. Null: made by an older program, which does not count.
alter table deliveries add column declaration_hash text;
-- The newest ends by one text of a callout: whether they all failed opens its breaker. What was never built was never sent.
create index deliveries_counted on deliveries (callout, declaration_hash, finished_at desc, position desc)
  where state in ('succeeded', 'failed') and not is_test and request is not null;
-- Those that wait while a callout is paused, in order.
create index deliveries_paused on deliveries (callout, position)
  where state in ('pending', 'waiting') and reason is not null;

-- The text that failed: with another one nothing is paused. Null: opened by an older program.
alter table callout_breakers add column declaration_hash text;
