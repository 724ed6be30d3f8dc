-- Which instances are running and what each is at: for whoever watches. Nothing else reads it.

-- One row per running instance, and for an hour per one that crashed.
create table ingest.instance (
  id               text primary key,
  host             text not null,
  pid              bigint not null,
  version          text not null,
  started_at       timestamptz not null,
  seen_at          timestamptz not null,
  address          text,
  routes           jsonb not null,
  loading          jsonb not null,
  reloaded_at      timestamptz,
  reload_error     text,
  reload_failed_at timestamptz
)
-- It is written often, so that a page should have room for the next version of its rows.
with (fillfactor = 50);

comment on table ingest.instance is
  'Instances that run, each with what it is at; one that crashed stays for an hour. Each writes its own row every 5 s, every second while it loads.';
comment on column ingest.instance.id is 'The instance; owner of ingest.object is the one that loads an object.';
comment on column ingest.instance.host is 'The machine that it runs on.';
comment on column ingest.instance.pid is 'Its process there.';
comment on column ingest.instance.version is 'Its version.';
comment on column ingest.instance.started_at is 'When it was started.';
comment on column ingest.instance.seen_at is 'When it last wrote this row: long ago, where it crashed or cannot reach the database.';
comment on column ingest.instance.address is 'Where its status page is, for a browser on its machine; null where it has none.';
comment on column ingest.instance.routes is 'Its routes: id, dataset, state (started, suspended, stopped) and description.';
comment on column ingest.instance.loading is
  'What it is loading, the oldest first, 20 objects at most: object_id, bytes read as stored in S3, rows, and seconds since it began.';
comment on column ingest.instance.reloaded_at is 'When it last took an edit of routes or SQL; null where it did not.';
comment on column ingest.instance.reload_error is 'Why it did not take the last edit, so that what ran before still runs; null where it did.';
comment on column ingest.instance.reload_failed_at is 'When it tried that edit.';

call ingest.grant_to_roles();
