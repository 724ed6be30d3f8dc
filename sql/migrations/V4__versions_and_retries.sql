-- Which version of a key holds, where an object goes on, and when it is tried again.

alter table ingest.object
  add column committed_bytes int8multirange default '{}',
  add column plain boolean not null default false,
  add column failures integer not null default 0,
  add column retry_at timestamptz,
  add column opened_at timestamptz,
  add column held_back boolean not null default false;

-- Of objects that are in the middle of a load, nobody knows the bytes any more: they are read from their beginning.
update ingest.object set committed_bytes = null where not isempty(committed);

update ingest.object set opened_at = started_at where last_modified is not null;

comment on column ingest.object.attempts is 'How often somebody began to load it.';
comment on column ingest.object.committed_bytes is 'Where the committed lines lie in the decompressed content, in bytes from 0; null: not known.';
comment on column ingest.object.plain is 'True once the object is known not to be compressed: S3 can be asked for its rest alone.';
comment on column ingest.object.failures is 'Failed attempts since a line was last committed; ingest.max-attempts of them make it failed.';
comment on column ingest.object.retry_at is 'When it is tried again, after a failed attempt.';
comment on column ingest.object.opened_at is 'When it was last opened; of two versions of a key the later opened one holds.';
comment on column ingest.object.held_back is 'True while its rows wait to take the place of those of an earlier version of the key.';

-- A merge meets rows that were committed after it began, of objects that were entered after it began: it has to see
-- those, which a stable function does not.
alter function ingest.wins volatile;

-- The versions of an object's key, itself included, whose rows must not stay.
create function ingest.outdated(object_id bigint)
returns setof bigint
language sql stable
as $$
  select o.id
  from ingest.object o
  join ingest.object this on this.bucket = o.bucket and this.key = o.key
  where this.id = $1 and o.state in ('superseded', 'gone')
$$;

comment on function ingest.outdated is 'The versions of an object''s key that are superseded or gone.';

-- One row per report that a winning report of the same visit corrects. It comes back when the winner's object is
-- replaced by a version without that visit.
create table fsm.visit_corrected (
  like fsm.visit,
  primary key (task_id, visit_no, object_id, line)
);

create index visit_corrected_object on fsm.visit_corrected (object_id);

comment on table fsm.visit_corrected is 'Reports of visits that a later report has corrected.';

-- One row per line of a version that will replace an earlier one; readers do not see it until the whole object is in.
create table fsm.visit_incoming (
  like fsm.visit,
  primary key (object_id, line)
);

comment on table fsm.visit_incoming is 'Rows of an object that will replace an earlier version, until it is complete.';

create function fsm.keep_corrected_visit()
returns trigger
language plpgsql
as $$
begin
  -- By name: a user may have added columns to one of the tables.
  insert into fsm.visit_corrected (
    task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
    engineer_skill_level, outcome, note_tokens, rest, object_id, line
  ) values (
    old.task_id, old.visit_no, old.node_id, old.visit_date, old.original_reported_date, old.node_age, old.node_type,
    old.task_type, old.engineer_skill_level, old.outcome, old.note_tokens, old.rest, old.object_id, old.line
  )
  on conflict do nothing;
  return null;
end
$$;

create trigger visit_corrected
after update on fsm.visit
for each row
when ((old.object_id, old.line) is distinct from (new.object_id, new.line))
execute function fsm.keep_corrected_visit();

comment on column ingest.rejected_line.reason is 'Short code: not_json, missing_field, bad_value, wrong_type, too_long, refused.';

-- One row per object, now with what comes next.
create or replace view ingest.files as
select
  id, dataset, 's3://' || bucket || '/' || key as object, version_id, size, last_modified, state,
  lines, rows, rejected, blank, filtered,
  lines = rows + rejected + blank + filtered as complete,
  attempts, owner, lease_until, error, discovered_at, started_at, loaded_at,
  failures, retry_at
from ingest.object;
