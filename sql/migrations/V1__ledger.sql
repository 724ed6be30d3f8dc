-- The ledger: which object is in which state, and which of its lines are committed.
-- It lives beside the rows, so that both commit in one transaction.

-- One row per object version.
create table ingest.object (
  id            bigint generated always as identity primary key,
  dataset       text not null,
  bucket        text not null,
  key           text not null,
  version_id    text not null default '',
  etag          text not null,
  size          bigint,
  last_modified timestamptz,
  state         text not null default 'discovered'
                check (state in ('discovered', 'loading', 'loaded', 'failed', 'superseded', 'gone')),
  committed     int8multirange not null default '{}',
  lines         bigint,
  rows          bigint not null default 0,
  rejected      bigint not null default 0,
  blank         bigint not null default 0,
  filtered      bigint not null default 0,
  attempts      integer not null default 0,
  owner         text,
  epoch         bigint not null default 0,
  lease_until   timestamptz,
  error         text,
  discovered_at timestamptz not null default clock_timestamp(),
  started_at    timestamptz,
  loaded_at     timestamptz,
  unique (bucket, key, etag, version_id),
  -- No line of a loaded object is unaccounted for.
  constraint every_line_accounted check (state <> 'loaded' or lines = rows + rejected + blank + filtered)
);

create index object_unfinished on ingest.object (dataset, state) where state in ('discovered', 'loading', 'failed');
create index object_loaded_at on ingest.object (loaded_at);

comment on table ingest.object is 'One row per S3 object version: its state and which of its lines are committed.';
comment on column ingest.object.version_id is 'S3 version id; empty where the bucket keeps no versions.';
comment on column ingest.object.size is 'Bytes as stored in S3 (compressed, where the object is).';
comment on column ingest.object.last_modified is 'When S3 took the object; decides which of two reports of a visit wins.';
comment on column ingest.object.committed is 'Line numbers that are in the database; a restart skips exactly these.';
comment on column ingest.object.lines is 'Lines of the whole object; known once it is loaded.';
comment on column ingest.object.blank is 'Lines with nothing to load: empty ones and comments.';
comment on column ingest.object.filtered is 'Lines that a step of the route left out.';
comment on column ingest.object.epoch is 'Grows with each claim; a commit under an older epoch fails.';
comment on column ingest.object.lease_until is 'Until when the owner may load; afterwards anyone may claim the object.';

-- One row per line that could not become a row.
create table ingest.rejected_line (
  object_id bigint not null references ingest.object on delete cascade,
  line      bigint not null,
  reason    text not null,
  message   text not null,
  sqlstate  text,
  raw       bytea not null,
  at        timestamptz not null default clock_timestamp(),
  primary key (object_id, line)
);

comment on table ingest.rejected_line is 'Lines that could not become rows, each with its reason.';
comment on column ingest.rejected_line.reason is 'Short code: not_json, missing_field, bad_value, wrong_type, too_long.';
comment on column ingest.rejected_line.sqlstate is 'The code PostgreSQL gave, where it refused the row.';
comment on column ingest.rejected_line.raw is 'The bytes of the line, the first 8 KiB of them.';

-- Whether a report in one object at one line wins over another report of the same thing: the object that S3 took later,
-- then the greater key, then the greater line; two versions of one key taken in the same second, by their etag.
create function ingest.wins(object_id bigint, line bigint, over_object_id bigint, over_line bigint)
returns boolean
language sql stable parallel safe
return case
  when $1 = $3 then $2 > $4
  else (
    select (a.last_modified, a.key collate "C", $2, a.etag) > (b.last_modified, b.key collate "C", $4, b.etag)
    from ingest.object a, ingest.object b
    where a.id = $1 and b.id = $3
  )
end;

comment on function ingest.wins is 'True where the first report wins over the second, whatever order they were loaded in.';
