-- The ledger as the queue of what is to be loaded, and one that stays small.

-- S3 lists keys in the order of their bytes, and a page of a listing is compared with a range of entries: so keys are
-- in that order here, too. Whatever depends on the column is made anew.
drop view ingest.files, ingest.backlog, ingest.throughput, ingest.errors;
drop function ingest.wins;

alter table ingest.object
  alter column key type text collate "C",
  add column archived boolean not null default false,
  add column gone_since timestamptz;

comment on column ingest.object.last_modified is
  'When S3 took the object; decides which of two reports of a visit wins. Exact once it was opened.';
comment on column ingest.object.archived is
  'True where it failed since it has to be restored from an archive first; the next comparison after that loads it.';
comment on column ingest.object.gone_since is
  'Since when comparisons with the bucket do not find it; ingest.ledger-retention later the entry is removed.';

-- What waits, the oldest first: what is to be tried again by its time, all else by when S3 took it.
create index object_waiting on ingest.object (dataset, retry_at, (coalesce(last_modified, discovered_at)))
  where state = 'discovered' and not by_command;
create index object_loading on ingest.object (dataset) where state = 'loading';
create index object_gone on ingest.object (gone_since) where gone_since is not null;
-- For counts and sums without a look at the table.
create index object_status on ingest.object (dataset, state) include (rows, rejected, loaded_at);
drop index ingest.object_unfinished;

-- One row per object whose entry was removed and whose rows may still be there: where they came from.
create table ingest.pruned_object (
  id            bigint primary key,
  dataset       text not null,
  bucket        text not null,
  key           text not null,
  version_id    text not null,
  etag          text not null,
  last_modified timestamptz not null
);

comment on table ingest.pruned_object is
  'Objects that left the bucket so long ago that their entries in the ledger were removed; their rows stay.';

-- One row per object that rows may have come from.
create view ingest.origin as
select id, dataset, bucket, key, version_id, etag, last_modified from ingest.object
union all
select id, dataset, bucket, key, version_id, etag, last_modified from ingest.pruned_object;

comment on view ingest.origin is 'Where rows came from (object_id), whether or not the object is still in the ledger.';

-- Whether a report in one object at one line wins over another report of the same thing: the object that S3 took later,
-- then the greater key, then the greater line; two versions of one key taken in the same second, by their etag.
-- Volatile: a merge meets rows that were committed after it began, of objects that were entered after it began.
create function ingest.wins(object_id bigint, line bigint, over_object_id bigint, over_line bigint)
returns boolean
language sql volatile parallel safe
return case
  when $1 = $3 then $2 > $4
  else (
    select (a.last_modified, a.key collate "C", $2, a.etag) > (b.last_modified, b.key collate "C", $4, b.etag)
    from ingest.origin a, ingest.origin b
    where a.id = $1 and b.id = $3
  )
end;

comment on function ingest.wins is 'True where the first report wins over the second, whatever order they were loaded in.';

-- One row per object.
create view ingest.files as
select
  id, dataset, 's3://' || bucket || '/' || key as object, version_id, size, last_modified, state,
  lines, rows, rejected, blank, filtered,
  lines = rows + rejected + blank + filtered as complete,
  attempts, owner, lease_until, error, discovered_at, started_at, loaded_at,
  failures, retry_at, replay, archived, gone_since
from ingest.object;

-- One row per dataset with unfinished objects.
create view ingest.backlog as
select
  dataset,
  count(*) as objects,
  sum(size) as bytes,
  min(coalesce(last_modified, discovered_at)) as oldest
from ingest.object
where state in ('discovered', 'loading')
group by dataset;

-- One row per dataset and minute.
create view ingest.throughput as
select
  dataset,
  date_trunc('minute', loaded_at) as minute,
  count(*) as objects,
  sum(rows) as rows,
  sum(rejected) as rejected,
  sum(size) as bytes
from ingest.object
where state = 'loaded'
group by dataset, date_trunc('minute', loaded_at);

-- One row per object with an error and one per dataset, reason and message of rejected lines.
create view ingest.errors as
select dataset, 'object' as kind, 's3://' || bucket || '/' || key as example, error as message, attempts::bigint as occurrences
from ingest.object
where error is not null and state <> 'superseded'
union all
select o.dataset, r.reason, min('s3://' || o.bucket || '/' || o.key || ' line ' || r.line), r.message, count(*)
from ingest.rejected_line r
join ingest.object o on o.id = r.object_id
group by o.dataset, r.reason, r.message;

comment on view ingest.files is 'Every object: state, counts, and whether every line is accounted for.';
comment on view ingest.backlog is 'What still waits or is loading.';
comment on view ingest.throughput is 'Objects, rows and bytes loaded per minute.';
comment on view ingest.errors is 'What went wrong, with an example to look at.';

-- One row per comparison of a prefix of a bucket with the ledger: the last one.
create table ingest.reconciliation (
  dataset   text not null,
  bucket    text not null,
  prefix    text not null,
  began_at  timestamptz not null,
  ended_at  timestamptz not null,
  requests  bigint not null default 0,
  objects   bigint not null default 0,
  found     bigint not null default 0,
  pruned    bigint not null default 0,
  error     text,
  primary key (dataset, bucket, prefix)
);

comment on table ingest.reconciliation is 'The last comparison of each prefix with the ledger.';
comment on column ingest.reconciliation.requests is 'List requests to S3, each for up to 1,000 objects.';
comment on column ingest.reconciliation.objects is 'Objects that S3 listed.';
comment on column ingest.reconciliation.found is 'Objects that were not in the ledger, or had to be loaded again.';
comment on column ingest.reconciliation.pruned is 'Entries that were removed from the ledger, of objects gone for long.';
comment on column ingest.reconciliation.error is 'Why it could not be ended; null where it was.';
