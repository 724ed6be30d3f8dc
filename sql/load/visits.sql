-- Merges the table visits_batch into fsm.visit, in the transaction that also commits the ledger. Runs where fsm.visit has
-- some of the batch's visits already, or they must not be seen yet; else they were copied there as they are.
-- visits_batch has one column per field of the row, and object_id and line.

-- An object that replaces an earlier version of its key shows when it is complete (visits-replace.sql). But what
-- fsm.visit refuses is to be refused now, while it is known which row of the batch it is: so each row is there for a moment.
insert into fsm.visit (
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
)
select
  b.task_id, b.visit_no, b.node_id, b.visit_date, b.original_reported_date, b.node_age, b.node_type, b.task_type,
  b.engineer_skill_level, b.outcome, b.note_tokens, b.rest, b.object_id, b.line
from visits_batch b
where b.object_id in (select id from ingest.object where held_back and state = 'loading')
order by b.task_id, b.visit_no
on conflict do nothing;

delete from fsm.visit v
using visits_batch b
where v.task_id = b.task_id and v.visit_no = b.visit_no and v.object_id = b.object_id
and b.object_id in (select id from ingest.object where held_back and state = 'loading');

insert into fsm.visit_incoming (
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
)
select
  b.task_id, b.visit_no, b.node_id, b.visit_date, b.original_reported_date, b.node_age, b.node_type, b.task_type,
  b.engineer_skill_level, b.outcome, b.note_tokens, b.rest, b.object_id, b.line
from visits_batch b
where b.object_id in (select id from ingest.object where held_back and state = 'loading');

-- Of two reports of one visit the same one wins in whatever order they come; sorted, so that writers never deadlock.
with merged as (
  insert into fsm.visit as known (
    task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
    engineer_skill_level, outcome, note_tokens, rest, object_id, line
  )
  select distinct on (b.task_id, b.visit_no)
    b.task_id, b.visit_no, b.node_id, b.visit_date, b.original_reported_date, b.node_age, b.node_type, b.task_type,
    b.engineer_skill_level, b.outcome, b.note_tokens, b.rest, b.object_id, b.line
  from visits_batch b
  join ingest.object o on o.id = b.object_id and not o.held_back
  order by b.task_id, b.visit_no, o.last_modified desc, o.key collate "C" desc, b.line desc, o.etag desc
  on conflict (task_id, visit_no) do update set
    node_id = excluded.node_id,
    visit_date = excluded.visit_date,
    original_reported_date = excluded.original_reported_date,
    node_age = excluded.node_age,
    node_type = excluded.node_type,
    task_type = excluded.task_type,
    engineer_skill_level = excluded.engineer_skill_level,
    outcome = excluded.outcome,
    note_tokens = excluded.note_tokens,
    rest = excluded.rest,
    object_id = excluded.object_id,
    line = excluded.line
  -- What ingest.wins says, at half the price where this statement can see that both objects' times are exact.
  where coalesce(
    (
      select (o.last_modified, o.key, excluded.line, o.etag) > (k.last_modified, k.key, known.line, k.etag)
      from ingest.object k, ingest.object o
      where k.id = known.object_id and not isempty(k.committed)
      and o.id = excluded.object_id
    ),
    ingest.wins(excluded.object_id, excluded.line, known.object_id, known.line)
  )
  returning known.object_id, known.line
)
-- The others are kept: they hold again when the winner's object is replaced.
insert into fsm.visit_corrected (
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
)
select
  b.task_id, b.visit_no, b.node_id, b.visit_date, b.original_reported_date, b.node_age, b.node_type, b.task_type,
  b.engineer_skill_level, b.outcome, b.note_tokens, b.rest, b.object_id, b.line
from visits_batch b
join ingest.object o on o.id = b.object_id and not o.held_back
left join merged m on m.object_id = b.object_id and m.line = b.line
where m.line is null
and not exists (
  select from fsm.visit v
  where v.task_id = b.task_id and v.visit_no = b.visit_no
  -- Not by =, so that no plan looks up all rows of a large object for each row of the batch.
  and (v.object_id, v.line) is not distinct from (b.object_id, b.line)
)
on conflict do nothing
