-- Datasets whose rows are JSON, which their SQL takes apart.

-- One row per line of an object that will replace what was loaded of its key before; readers do not see it until the
-- whole object is in.
create table ingest.incoming_row (
  object_id bigint not null references ingest.object on delete cascade,
  line      bigint not null,
  json      jsonb not null,
  primary key (object_id, line)
);

comment on table ingest.incoming_row is
  'Rows of JSON of an object that will replace an earlier version or load, until it is complete.';

comment on column ingest.rejected_line.raw is
  'The bytes of the line, the first 8 KiB of them; of one in ingest.incoming_row that was refused in the end, its JSON.';
