-- What analysts find when they look: every table, view and column says what it means, and what cannot be right is a view.

-- One row per statement of the visits that contradicts another one, or the rules of the business. They are loaded as they
-- are reported; what to make of them is for the analyst to say.
create view fsm.contradiction as
select
  'task at several nodes' as kind, task_id, null::integer as visit_no,
  'nodes ' || string_agg(distinct node_id::text, ', ') as detail
from fsm.visit
group by task_id
having min(node_id) <> max(node_id)
union all
select
  'task of several types', task_id, null,
  'types ' || string_agg(distinct task_type::text, ', ')
from fsm.visit
group by task_id
having min(task_type) <> max(task_type)
union all
select
  'visit before the report', task_id, visit_no,
  'visited ' || visit_date || ', reported ' || original_reported_date
from fsm.visit
where visit_date < original_reported_date
union all
select
  'visit before an earlier one', v.task_id, v.visit_no,
  'visited ' || v.visit_date || ', visit ' || earlier.visit_no || ' was at ' || earlier.visit_date
from fsm.visit v
cross join lateral (
  select e.visit_no, e.visit_date
  from fsm.visit e
  where e.task_id = v.task_id and e.visit_no < v.visit_no
  order by e.visit_no desc
  limit 1
) as earlier
where v.visit_date < earlier.visit_date
union all
select
  'visit after a success', v.task_id, v.visit_no,
  'visit ' || (
    select min(s.visit_no) from fsm.visit s where s.task_id = v.task_id and s.outcome = 'SUCCESS'
  ) || ' succeeded already'
from fsm.visit v
where exists (
  select from fsm.visit s where s.task_id = v.task_id and s.visit_no < v.visit_no and s.outcome = 'SUCCESS'
);

comment on view fsm.contradiction is
  'What cannot be right in the visits: loaded as it was reported, and shown here. One row per contradiction.';
comment on column fsm.contradiction.kind is
  'task at several nodes, task of several types, visit before the report, visit before an earlier one, visit after a success.';
comment on column fsm.contradiction.task_id is 'The task.';
comment on column fsm.contradiction.visit_no is 'The visit; null where the task as a whole contradicts itself.';
comment on column fsm.contradiction.detail is 'The values that contradict each other.';

-- What two notes share, icount(a & b), several times faster than by unnest and intersect.
create extension if not exists intarray schema public;

-- In PL/pgSQL, since what is made part of the query keeps it from using more than one processor.
create or replace function fsm.nodes_within(node integer, hops integer)
returns table (node_id integer)
language plpgsql stable parallel safe rows 100
as $$
#variable_conflict use_column
begin
  return query
  with recursive reached (node_id, hop) as (
    select node, 0
    union
    select n.neighbour_id, r.hop + 1
    from reached r
    cross join lateral (
      -- fsm.neighbour, by its indexes
      select e.adj_node_id from fsm.network_edge e where e.node_id = r.node_id
      union all
      select e.node_id from fsm.network_edge e where e.adj_node_id = r.node_id
    ) as n (neighbour_id)
    where r.hop < hops
  )
  select distinct r.node_id
  from reached r
  where r.node_id <> node;
end
$$;

comment on schema fsm is 'Field service: visits of engineers to nodes, and the network of nodes.';
comment on schema ingest is 'What was loaded from where: the ledger of objects, rejected lines, and views of both.';

comment on table fsm.visit is
  'The visits of engineers to nodes, one row each: the report that holds, where several objects report the same visit.';
comment on column fsm.visit.task_id is 'The task that the visit was for (TASK7 is 7). From the field task_id.';
comment on column fsm.visit.visit_no is 'Which visit of its task it is: 1 is the first. From the field visit_id.';
comment on column fsm.visit.node_id is 'The node that was visited (NODE94 is 94). From the field node_id.';
comment on column fsm.visit.visit_date is 'When the visit was, in the local time of the report; 00:00 where only the day is given.';
comment on column fsm.visit.original_reported_date is 'When the fault was reported that the task is for, in local time.';
comment on column fsm.visit.node_age is 'Age of the node at the visit, in the unit of the report (whole years).';
comment on column fsm.visit.node_type is 'Type of the node (TYPE3 is 3).';
comment on column fsm.visit.task_type is 'Type of the task (TASK5 is 5). Not the id of a task.';
comment on column fsm.visit.engineer_skill_level is 'Skill level of the engineer (LEVEL1 is 1); higher is more skilled.';
comment on column fsm.visit.outcome is 'SUCCESS: the task is completed by this visit; FAIL: it is not.';
comment on column fsm.visit.note_tokens is
  'The words of the engineer''s note, as numbers, in their order and with repetitions; empty where there was no note.';

comment on table fsm.visit_corrected is
  'Reports of visits that another report of the same visit has corrected. They hold again when that one is taken back.';
comment on table fsm.visit_incoming is
  'Rows of an object that will replace an earlier version, until it is complete. Not for analysts.';

comment on column fsm.network_node.node_id is 'A node that has a line of its own in the network file (NODE94 is 94).';
comment on column fsm.network_node.object_id is 'The object (ingest.object) that it came from.';
comment on column fsm.network_node.line is 'The line of that object.';
comment on table fsm.network_edge is
  'The network as its file lists it: each edge once, in one direction or the other. fsm.neighbour has both.';
comment on column fsm.network_edge.node_id is 'The node whose line lists the edge.';
comment on column fsm.network_edge.adj_node_id is 'The node that it touches.';
comment on column fsm.network_edge.object_id is 'The object (ingest.object) that it came from.';
comment on column fsm.network_edge.line is 'The line of that object.';
comment on column fsm.network_incoming.object_id is 'The object (ingest.object) that the line belongs to.';
comment on column fsm.network_incoming.line is 'The line of that object.';
comment on column fsm.network_incoming.node_id is 'The first node of the line.';
comment on column fsm.network_incoming.adj_node_ids is 'The others: the nodes that it touches.';

comment on view fsm.neighbour is 'Which node touches which, in both directions: two rows for each edge.';
comment on column fsm.neighbour.node_id is 'A node.';
comment on column fsm.neighbour.neighbour_id is 'A node that it touches.';
comment on view fsm.node is 'Every node that the network or a visit names, one row each.';
comment on column fsm.node.node_id is 'The node (NODE94 is 94).';
comment on view fsm.task is 'Every task that was visited, one row each.';
comment on column fsm.task.task_id is 'The task (TASK7 is 7).';
comment on column fsm.task.node_id is 'Its node; the least where its visits name several (fsm.contradiction).';
comment on column fsm.task.task_type is 'Its type; the least where its visits name several (fsm.contradiction).';
comment on column fsm.task.visits is 'How many of its visits are reported.';
comment on column fsm.task.completed is 'True once one of its visits has succeeded.';
comment on view fsm.note_token is 'The words of the engineers'' notes, one row each.';
comment on column fsm.note_token.task_id is 'The task of the visit.';
comment on column fsm.note_token.visit_no is 'Which visit of the task it is.';
comment on column fsm.note_token.position is 'Which word of the note it is: 1 is the first.';
comment on column fsm.note_token.token is 'The word, a number.';
comment on function fsm.nodes_within is
  'The nodes that are at most so many hops away from a node, without the node itself. Edges go both ways.';

comment on view public.visits is
  'Visits in the shape of the earlier system: one row per word of the note, and one with a null word where it is empty.';
comment on column public.visits.task_id is 'As in fsm.visit.';
comment on column public.visits.node_id is 'As in fsm.visit.';
comment on column public.visits.visit_id is 'Which visit of its task it is; visit_no of fsm.visit.';
comment on column public.visits.visit_date is 'As in fsm.visit.';
comment on column public.visits.original_reported_date is 'As in fsm.visit.';
comment on column public.visits.node_age is 'As in fsm.visit.';
comment on column public.visits.node_type is 'As in fsm.visit.';
comment on column public.visits.task_type is 'As in fsm.visit.';
comment on column public.visits.engineer_skill_level is 'As in fsm.visit.';
comment on column public.visits.engineer_note is 'One word of the note, a number.';
comment on column public.visits.outcome is 'As in fsm.visit.';
comment on view public.network is
  'The network in the shape of the earlier system: one row per edge, in the one direction in which its file lists it.';
comment on column public.network.node is 'The node whose line lists the edge.';
comment on column public.network.adj_node is 'The node that it touches.';

comment on column ingest.object.id is 'Its number in the ledger; object_id of all rows that came from it.';
comment on column ingest.object.dataset is 'The dataset whose route loads it, such as visits.';
comment on column ingest.object.bucket is 'The bucket in S3.';
comment on column ingest.object.key is 'The key in the bucket.';
comment on column ingest.object.etag is 'The etag by which S3 tells contents apart.';
comment on column ingest.object.rows is 'Lines that became rows, so far.';
comment on column ingest.object.owner is 'The instance that loads it, or was the last to load it.';
comment on column ingest.object.error is 'Why the last attempt failed; null where it did not.';
comment on column ingest.object.started_at is 'When an instance first began to load it.';
comment on column ingest.object.loaded_at is 'When its last line was committed.';
comment on column ingest.pruned_object.id is 'Its number while it was in the ledger; object_id of its rows.';

comment on column ingest.incoming_row.object_id is 'The object (ingest.object) that the row came from.';
comment on column ingest.incoming_row.line is 'The line of that object.';
comment on column ingest.incoming_row.json is 'The row.';
comment on column ingest.rejected_line.object_id is 'The object (ingest.object) that the line belongs to.';
comment on column ingest.rejected_line.line is 'The number of the line in that object; 1 is the first.';
comment on column ingest.rejected_line.message is 'What is wrong, with the field, and what to do.';
comment on column ingest.rejected_line.at is 'When it was rejected.';
comment on column ingest.reconciliation.dataset is 'The dataset that loads from there.';
comment on column ingest.reconciliation.bucket is 'The bucket in S3.';
comment on column ingest.reconciliation.prefix is 'The beginning of the keys.';
comment on column ingest.reconciliation.began_at is 'When it began.';
comment on column ingest.reconciliation.ended_at is 'When it ended, or failed.';

comment on column ingest.files.object is 'Where it is: s3://bucket/key.';
comment on column ingest.files.complete is 'True where every line is accounted for: lines = rows + rejected + blank + filtered.';
comment on column ingest.backlog.objects is 'How many objects are not loaded yet.';
comment on column ingest.backlog.bytes is 'How large they are together, in bytes as stored in S3.';
comment on column ingest.backlog.oldest is 'When S3 took the one that waits longest.';
comment on column ingest.throughput.minute is 'The minute in which they were loaded, by its beginning.';
comment on column ingest.throughput.objects is 'How many objects.';
comment on column ingest.throughput.rows is 'How many rows they gave.';
comment on column ingest.throughput.rejected is 'How many of their lines were rejected.';
comment on column ingest.throughput.bytes is 'How large they are, in bytes as stored in S3.';
comment on column ingest.errors.kind is 'object where an object failed as a whole; else the reason for which lines were rejected.';
comment on column ingest.errors.example is 'One of them: an object, or a line of one.';
comment on column ingest.errors.message is 'What is wrong.';
comment on column ingest.errors.occurrences is 'Attempts to load the object, or how many lines there are like that.';

-- Columns that come from elsewhere mean what they mean there.
do $$
declare
  column_of record;
begin
  for column_of in
    select c.oid::regclass as relation, a.attname, col_description(o.attrelid, o.attnum) as meaning
    from (
      values
        ('fsm.visit_corrected', 'fsm.visit'), ('fsm.visit_incoming', 'fsm.visit'),
        ('ingest.files', 'ingest.object'), ('ingest.origin', 'ingest.object'), ('ingest.backlog', 'ingest.object'),
        ('ingest.throughput', 'ingest.object'), ('ingest.errors', 'ingest.object'), ('ingest.pruned_object', 'ingest.object')
    ) as copied (copy, original)
    join pg_class c on c.oid = copied.copy::regclass
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_attribute o on o.attrelid = copied.original::regclass and o.attname = a.attname
    where col_description(c.oid, a.attnum) is null
  loop
    execute format('comment on column %s.%I is %L', column_of.relation, column_of.attname, column_of.meaning);
  end loop;
end
$$;
