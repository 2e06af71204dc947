-- compatible since: 9
-- Which installation this database is: made once, and carried along by every backup. Temporal's namespace keeps a copy,
-- so that the workers of two installations that share one are told apart before they answer for each other's workflows.
create table installation (
  one boolean primary key default true check (one),
  id text not null default 'in_' || replace(gen_random_uuid()::text, '-', '')
);
insert into installation default values;
