-- What operators look at, and the two views that keep the earlier system's queries running.

-- One row per object.
create view ingest.files as
select
  id, dataset, 's3://' || bucket || '/' || key as object, version_id, size, last_modified, state,
  lines, rows, rejected, blank, filtered,
  lines = rows + rejected + blank + filtered as complete,
  attempts, owner, lease_until, error, discovered_at, started_at, loaded_at
from ingest.object;

-- One row per dataset with unfinished objects.
create view ingest.backlog as
select
  dataset,
  count(*) as objects,
  sum(size) as bytes,
  min(discovered_at) as oldest
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
where error is not null
union all
select o.dataset, r.reason, min('s3://' || o.bucket || '/' || o.key || ' line ' || r.line), r.message, count(*)
from ingest.rejected_line r
join ingest.object o on o.id = r.object_id
group by o.dataset, r.reason, r.message;

comment on view ingest.files is 'Every object: state, counts, and whether every line is accounted for.';
comment on view ingest.backlog is 'What still waits or is loading.';
comment on view ingest.throughput is 'Objects, rows and bytes loaded per minute.';
comment on view ingest.errors is 'What went wrong, with an example to look at.';

-- One row per word of a visit's note (one with a null word where the note is empty).
create view public.visits as
select
  v.task_id, v.node_id, v.visit_no as visit_id, v.visit_date, v.original_reported_date, v.node_age, v.node_type,
  v.task_type, v.engineer_skill_level, w.token as engineer_note, v.outcome
from fsm.visit v
left join lateral unnest(v.note_tokens) as w (token) on true;

-- One row per edge as listed.
create view public.network as
select node_id as node, adj_node_id as adj_node
from fsm.network_edge;

comment on view public.visits is 'Visits in the shape of the earlier system: one row per word of the note.';
comment on view public.network is 'The network in the shape of the earlier system.';
