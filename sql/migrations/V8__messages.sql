-- Messages of the queue that came for nothing that is loaded here.

-- One row per bucket that others have, and one per message that nobody understands.
create table ingest.stray_message (
  kind     text not null check (kind in ('foreign', 'unreadable')),
  what     text not null,
  times    bigint not null,
  first_at timestamptz not null,
  last_at  timestamptz not null,
  example  text not null,
  primary key (kind, what)
);

comment on table ingest.stray_message is
  'Messages of the queue that came for nothing that is loaded here: of others, or that nobody understands.';
comment on column ingest.stray_message.kind is
  'foreign: events of a bucket or prefix that no dataset has; unreadable: a message that S3 does not send.';
comment on column ingest.stray_message.what is
  'The bucket of foreign events; the id of an unreadable message, by which it is found in the dead-letter queue.';
comment on column ingest.stray_message.times is
  'Foreign events so far, or how often the unreadable message was received; more where a message came again.';
comment on column ingest.stray_message.first_at is 'When the first of them was received.';
comment on column ingest.stray_message.last_at is 'When the last of them was received.';
comment on column ingest.stray_message.example is
  'The object of the last event; or what is wrong with the message, and its beginning. No control characters.';
