-- Objects that are loaded again, and objects of which too much is wrong.

-- A replay is an entry of its own: the one before it holds, with its rows, until the replay is loaded.
alter table ingest.object
  add column replay boolean not null default false,
  add column by_command boolean not null default false,
  drop constraint object_bucket_key_etag_version_id_key;

create unique index object_identity on ingest.object (bucket, key, etag, version_id) where not replay;
create unique index object_replay on ingest.object (bucket, key, etag, version_id)
  where replay and state in ('discovered', 'loading');
create index object_content on ingest.object (bucket, key, etag, version_id);
create index object_replay_discovered_at on ingest.object (discovered_at) where replay;

comment on column ingest.object.replay is 'True where the same content was loaded before, under an earlier id.';
comment on column ingest.object.by_command is 'True where only the command that wants the replay may load it.';
comment on column ingest.object.discovered_at is
  'When it was first heard of; of a replay, when the command was given that wants it.';

comment on column ingest.object.state is
  'discovered, loading, loaded; failed: see error; superseded: overwritten, or loaded again; gone: no longer in S3.';
comment on column ingest.object.rejected is
  'Lines in ingest.rejected_line. An object that failed since these were too many keeps them.';
comment on column ingest.rejected_line.reason is
  'Short code: not_utf8, bad_character, too_long, not_json, not_object, over_limit, missing_field, duplicate_field, wrong_type, bad_value, refused.';

-- Now also an object that has failed as a whole: none of its rows stay.
create or replace function ingest.outdated(object_id bigint)
returns setof bigint
language sql stable
as $$
  select o.id
  from ingest.object o
  join ingest.object this on this.bucket = o.bucket and this.key = o.key
  where this.id = $1
  and (o.state in ('superseded', 'gone') or o.state = 'failed' and isempty(o.committed))
$$;

comment on function ingest.outdated is
  'The versions of an object''s key that are superseded or gone, or have failed as a whole: none of their rows stay.';

-- One row per object, now with what is a replay.
create or replace view ingest.files as
select
  id, dataset, 's3://' || bucket || '/' || key as object, version_id, size, last_modified, state,
  lines, rows, rejected, blank, filtered,
  lines = rows + rejected + blank + filtered as complete,
  attempts, owner, lease_until, error, discovered_at, started_at, loaded_at,
  failures, retry_at, replay
from ingest.object;

-- Objects that ended as they should are no errors.
create or replace view ingest.errors as
select dataset, 'object' as kind, 's3://' || bucket || '/' || key as example, error as message, attempts::bigint as occurrences
from ingest.object
where error is not null and state <> 'superseded'
union all
select o.dataset, r.reason, min('s3://' || o.bucket || '/' || o.key || ' line ' || r.line), r.message, count(*)
from ingest.rejected_line r
join ingest.object o on o.id = r.object_id
group by o.dataset, r.reason, r.message;
