-- Visits of field engineers and the network they look after.

create schema fsm;

-- One row per visit: the winning report of (task, ordinal of the visit within the task).
create table fsm.visit (
  task_id                integer not null,
  visit_no               integer not null,
  node_id                integer not null,
  visit_date             timestamp not null,
  original_reported_date timestamp not null,
  node_age               integer not null,
  node_type              integer not null,
  task_type              integer not null,
  engineer_skill_level   integer not null,
  outcome                text not null check (outcome in ('SUCCESS', 'FAIL')),
  note_tokens            integer[] not null,
  rest                   jsonb,
  object_id              bigint not null,
  line                   bigint not null,
  primary key (task_id, visit_no)
);

create index visit_object on fsm.visit (object_id);

comment on table fsm.visit is 'One row per visit of an engineer to a node.';
comment on column fsm.visit.visit_no is 'Ordinal of the visit within its task (visit_id of the input).';
comment on column fsm.visit.note_tokens is 'The words of engineer_note, in order.';
comment on column fsm.visit.rest is 'Fields of the input that have no column, else null.';
comment on column fsm.visit.object_id is 'The object (ingest.object) that this report came from.';
comment on column fsm.visit.line is 'The line of that object.';

-- One row per node line of the network that analysts see.
create table fsm.network_node (
  node_id   integer primary key,
  object_id bigint not null,
  line      bigint not null
);

-- One row per edge as the file lists it: each undirected edge once.
create table fsm.network_edge (
  node_id     integer not null,
  adj_node_id integer not null,
  object_id   bigint not null,
  line        bigint not null,
  primary key (node_id, adj_node_id)
);

create index network_edge_adjacent on fsm.network_edge (adj_node_id);

-- One row per line of a network file that is loading; readers do not see it until the whole file is in.
create table fsm.network_incoming (
  object_id    bigint not null,
  line         bigint not null,
  node_id      integer not null,
  adj_node_ids integer[] not null,
  primary key (object_id, line)
);

comment on table fsm.network_node is 'The nodes that have a line of their own in the network file.';
comment on table fsm.network_edge is 'The network: which node touches which, each undirected edge once.';
comment on table fsm.network_incoming is 'Lines of a network file that is not complete yet.';

-- One row per ordered pair of nodes that touch.
create view fsm.neighbour as
select node_id, adj_node_id as neighbour_id from fsm.network_edge
union
select adj_node_id, node_id from fsm.network_edge;

comment on view fsm.neighbour is 'Who touches whom, in both directions.';

-- One row per node of the network or of a visit.
create view fsm.node as
select node_id from fsm.network_node
union
select adj_node_id from fsm.network_edge
union
select node_id from fsm.visit;

comment on view fsm.node is 'Every node that the network or a visit names.';

-- One row per task.
create view fsm.task as
select
  task_id,
  min(node_id) as node_id,
  min(task_type) as task_type,
  count(*) as visits,
  bool_or(outcome = 'SUCCESS') as completed
from fsm.visit
group by task_id;

comment on view fsm.task is 'Every task, how often it was visited and whether a visit succeeded.';

-- One row per word of a visit's note.
create view fsm.note_token as
select v.task_id, v.visit_no, w.position, w.token
from fsm.visit v
cross join lateral unnest(v.note_tokens) with ordinality as w (token, position);

comment on view fsm.note_token is 'The words of the engineers'' notes, numbered from 1 within a note.';

create function fsm.nodes_within(node integer, hops integer)
returns table (node_id integer)
language sql stable
as $$
  with recursive reached (node_id, hop) as (
    select $1, 0
    union
    select n.neighbour_id, r.hop + 1
    from reached r
    join fsm.neighbour n on n.node_id = r.node_id
    where r.hop < $2
  )
  select distinct r.node_id
  from reached r
  where r.node_id <> $1
$$;

comment on function fsm.nodes_within is 'The nodes at most so many hops away from a node, without the node itself.';
