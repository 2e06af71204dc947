-- The relay sleeps until something is in the outbox: whoever writes there wakes it, without knowing of it. One message
-- a transaction, since equal ones are folded.
create function wake_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('tocsin_outbox', '');
  return null;
end
$$;
create trigger outbox_wakes after insert on outbox for each statement execute function wake_outbox();

-- What the reconciler looks for at start-up: finished, but the rules on it have not run.
create index deliveries_undecided on deliveries (id)
  where finished_at is not null and event_decided_at is null and state <> 'skipped';
create index outbox_done on outbox (done_at) where done_at is not null;
-- Windows that are still open: a few pages at the end of the table, whatever its size.
create index tickets_window on tickets using brin (window_ends_at);
