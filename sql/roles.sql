-- The three roles. A superuser runs it once in the database that camel-ingest is to fill, and may run it again:
--   psql -v ON_ERROR_STOP=1 -d ingest -f sql/roles.sql
-- They have no passwords then: give each its own with \password, or let them in by another way.

do $$
declare
  name text;
  command text;
begin
  -- ingest_owner owns the schemas (INGEST_DB_MIGRATION_USER); nobody works as this one.
  -- ingest_writer is the application (INGEST_DB_USER); makes and changes no table but temporary ones.
  -- analyst is whoever asks.
  foreach name in array array['ingest_owner', 'ingest_writer', 'analyst'] loop
    if to_regrole(name) is null then
      execute format('create role %I login', name);
    end if;
  end loop;

  execute format('alter database %I owner to ingest_owner', current_database());

  -- Where the schemas are there already, they become the owner's.
  for command in
    select format('alter schema %I owner to ingest_owner', nspname)
    from pg_namespace
    where nspname in ('ingest', 'fsm', 'public')
    union all
    select format('alter %s %s owner to ingest_owner', case c.relkind when 'v' then 'view' else 'table' end, c.oid::regclass)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v')
    and (n.nspname in ('ingest', 'fsm') or n.nspname = 'public' and c.relname in ('visits', 'network'))
    union all
    select format('alter routine %s owner to ingest_owner', p.oid::regprocedure)
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('ingest', 'fsm')
  loop
    execute command;
  end loop;
end
$$;

revoke create on schema public from public;

alter role analyst set default_transaction_read_only = on;
-- No question takes memory and processors for ever. Whoever needs longer says so: set statement_timeout = '10min'.
alter role analyst set statement_timeout = '60s';
alter role analyst set search_path = fsm, public;

-- Where they are there already, the other two are let in; else the migrations do it.
set role ingest_owner;
do $$
begin
  if to_regprocedure('ingest.grant_to_roles()') is not null then
    call ingest.grant_to_roles();
  end if;
end
$$;
reset role;
