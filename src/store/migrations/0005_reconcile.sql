-- What the reconciler looks for at start-up: deliveries that finished, but the rules on them have not run (one that
-- could not be built ended in the cascade that made it), and dedup windows that are still open.
create index deliveries_undecided on deliveries (id)
  where finished_at is not null and event_decided_at is null and state <> 'skipped' and request is not null;
-- A few pages at the end of the table, whatever its size.
create index tickets_window on tickets using brin (window_ends_at);
create index outbox_done on outbox (done_at) where done_at is not null;
