-- Runs where an object ends whose key was loaded before with other content, in the transaction that marks it ended:
-- readers see the old version's rows or the new one's. The parameter is the object's id in the ledger.
-- Afterwards the rows that were held back stand in the table visits_batch, for visits.sql to merge.

-- No batch merges meanwhile, so that all reports are seen that the old version's rows have corrected.
lock table fsm.visit_corrected in share row exclusive mode;

delete from fsm.visit_corrected
where object_id in (select ingest.outdated(:#${body.objectId}));

-- The rows of versions that do not hold any more go, and the reports come back that they had corrected: of each visit
-- the one that wins over the rest.
with taken_back as (
  delete from fsm.visit
  where object_id in (select ingest.outdated(:#${body.objectId}))
  returning task_id, visit_no
), best as (
  select distinct on (c.task_id, c.visit_no) c.*
  from taken_back t
  join fsm.visit_corrected c on c.task_id = t.task_id and c.visit_no = t.visit_no
  join ingest.origin o on o.id = c.object_id
  order by c.task_id, c.visit_no, o.last_modified desc, o.key collate "C" desc, c.line desc, o.etag desc
), holding_again as (
  delete from fsm.visit_corrected c
  using best b
  where c.task_id = b.task_id and c.visit_no = b.visit_no and c.object_id = b.object_id and c.line = b.line
)
insert into fsm.visit (
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
)
select
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
from best;

insert into visits_batch (
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
)
select
  task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
  engineer_skill_level, outcome, note_tokens, rest, object_id, line
from fsm.visit_incoming
where object_id = :#${body.objectId}
and object_id not in (select ingest.outdated(:#${body.objectId}));

delete from fsm.visit_incoming
where object_id = :#${body.objectId}
or object_id in (select ingest.outdated(:#${body.objectId}))
