-- Comments that analysts found unclear, or that led to tables that they may not read.

comment on column fsm.visit.object_id is
  'The object that the report came from: ingest.origin has its bucket and key, ingest.files how it was loaded.';
comment on column fsm.visit_corrected.object_id is
  'The object that the report came from: ingest.origin has its bucket and key, ingest.files how it was loaded.';
comment on column fsm.network_edge.object_id is
  'The object that it came from: ingest.origin has its bucket and key, ingest.files how it was loaded.';
comment on column fsm.network_node.object_id is
  'The object that it came from: ingest.origin has its bucket and key, ingest.files how it was loaded.';
comment on column ingest.rejected_line.object_id is 'The object that the line belongs to: id of ingest.files.';
comment on table fsm.visit_corrected is
  'Reports of visits that another report of the same visit has corrected, which is in fsm.visit under the same key. They hold again when that one is taken back.';
comment on table fsm.network_incoming is
  'Lines of a network file that is being loaded, until it is complete. Not for analysts.';

comment on column fsm.contradiction.kind is
  'task at several nodes; task of several types; visit before the report: before the day on which the fault was reported; visit before an earlier one: dated before a visit of the task with a lower number; visit after a success: the task was completed already.';
comment on view fsm.contradiction is
  'What cannot be right in the visits that hold: loaded as it was reported, and shown here. One row per contradiction; a task may have several.';
comment on column fsm.neighbour.node_id is 'A node (NODE94 is 94); every node that has an edge is here.';

comment on view ingest.errors is
  'What went wrong, of all time, by kind: objects that failed, and rejected lines by reason. By day: ingest.rejected_line.at, ingest.files.';

comment on column public.visits.task_id is 'The task (TASK7 is 7); as in fsm.visit.';
comment on column public.visits.node_id is 'The node that was visited (NODE94 is 94); as in fsm.visit.';
comment on column public.visits.visit_date is 'When the visit was, in local time; as in fsm.visit.';
comment on column public.visits.original_reported_date is 'When the fault was reported, in local time; as in fsm.visit.';
comment on column public.visits.node_age is 'Age of the node in whole years; as in fsm.visit.';
comment on column public.visits.node_type is 'Type of the node (TYPE3 is 3); as in fsm.visit.';
comment on column public.visits.task_type is 'Type of the task (TASK5 is 5), not its id; as in fsm.visit.';
comment on column public.visits.engineer_skill_level is 'Skill level of the engineer (LEVEL1 is 1); as in fsm.visit.';
comment on column public.visits.outcome is 'SUCCESS: the task is completed by this visit; FAIL: it is not.';

comment on function fsm.keep_corrected_visits is
  'Keeps the reports that a statement replaces in fsm.visit_corrected; a trigger of fsm.visit.';
comment on table ingest.outbox is
  'What is still to be done with objects in S3 after their load: tagged, moved or deleted. What is done has no row any more.';
