-- What a row costs beside itself: its entry in an index by object, and the call that keeps what it corrects.

-- Only the replacement of an object asks for all its rows, and they stand together, or in a few places: a summary of
-- every 32 pages tells them from the rest, and costs a tenth of an entry a row.
drop index fsm.visit_object;
create index visit_object on fsm.visit
  using brin (object_id int8_minmax_multi_ops) with (pages_per_range = 32, autosummarize = on);

drop index fsm.visit_corrected_object;
create index visit_corrected_object on fsm.visit_corrected
  using brin (object_id int8_minmax_multi_ops) with (pages_per_range = 32, autosummarize = on);

-- A key has few versions that are not over: where their rows are in few places, the index is used.
alter function ingest.outdated rows 2;

create function fsm.keep_corrected_visits()
returns trigger
language plpgsql
as $$
begin
  -- By name: a user may have added columns to one of the tables.
  insert into fsm.visit_corrected (
    task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
    engineer_skill_level, outcome, note_tokens, rest, object_id, line
  )
  select
    o.task_id, o.visit_no, o.node_id, o.visit_date, o.original_reported_date, o.node_age, o.node_type, o.task_type,
    o.engineer_skill_level, o.outcome, o.note_tokens, o.rest, o.object_id, o.line
  from old_visits o
  join new_visits n on n.task_id = o.task_id and n.visit_no = o.visit_no
  where (o.object_id, o.line) is distinct from (n.object_id, n.line)
  on conflict do nothing;
  return null;
end
$$;

drop trigger visit_corrected on fsm.visit;

create trigger visit_corrected
after update on fsm.visit
referencing old table as old_visits new table as new_visits
for each statement
execute function fsm.keep_corrected_visits();

drop function fsm.keep_corrected_visit();
