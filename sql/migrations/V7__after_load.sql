-- What happens to an object in S3 after its load: kept here with the load's own transaction, done afterwards.

-- One row per loaded object with which something is still to be done.
create table ingest.outbox (
  object_id  bigint primary key references ingest.object (id) on delete cascade,
  action     text not null check (action in ('tag', 'move', 'delete')),
  move_to    text,
  attempts   integer not null default 0,
  next_at    timestamptz not null default clock_timestamp(),
  error      text,
  check (action <> 'move' or move_to is not null)
);

create index outbox_next_at on ingest.outbox (next_at);

comment on table ingest.outbox is 'What is still to be done with objects in S3 after their load; done is who is not here any more.';
comment on column ingest.outbox.object_id is 'The loaded object; whatever its key has now, only this version is meant.';
comment on column ingest.outbox.action is 'tag: tag it ingest-state=loaded; move: copy it to move_to, then delete it; delete.';
comment on column ingest.outbox.move_to is 'Comes before its key where it is moved.';
comment on column ingest.outbox.attempts is 'Failed attempts so far.';
comment on column ingest.outbox.next_at is
  'When it is tried next. While somebody is at it, when others may take it, since that one must have died.';
comment on column ingest.outbox.error is 'Why the last attempt failed.';
