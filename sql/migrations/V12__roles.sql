-- Who may do what. sql/roles.sql makes the roles; where they do not exist, whoever migrates is who ingests, and nobody else.

create procedure ingest.grant_to_roles()
language plpgsql
as $$
begin
  if to_regrole('ingest_writer') is not null then
    grant usage on schema ingest, fsm to ingest_writer;
    grant select, insert, update, delete, truncate on all tables in schema ingest, fsm to ingest_writer;
    revoke insert, update, delete, truncate on ingest.flyway_schema_history from ingest_writer;
    alter default privileges in schema ingest, fsm
      grant select, insert, update, delete, truncate on tables to ingest_writer;
  end if;
  if to_regrole('analyst') is not null then
    grant usage on schema ingest, fsm to analyst;
    grant select on all tables in schema fsm to analyst;
    grant select on public.visits, public.network to analyst;
    grant select on ingest.files, ingest.backlog, ingest.throughput, ingest.errors, ingest.origin to analyst;
    -- Not the bytes of the lines: whoever needs those is granted them.
    grant select (object_id, line, reason, message, sqlstate, at) on ingest.rejected_line to analyst;
    alter default privileges in schema fsm grant select on tables to analyst;
  end if;
end
$$;

comment on procedure ingest.grant_to_roles is
  'Lets ingest_writer write rows and the ledger, and analyst read; whichever of the roles exist. By the owner of the schemas.';

call ingest.grant_to_roles();
