-- Successful visits by skilled engineers within a period that followed at least so many failed visits of the same task.
--
-- Parameters, each with its default: above_level (2), first_day (2020-01-01), last_day (2020-03-31), failures (2). For example:
--   psql -v failures=3 -f sql/questions/q1.sql
--
-- Assumes that "above" leaves out the level itself, that both days belong to the period, whatever the time of the visit,
-- that a visit follows those of its task with a lower number (visit_no), whatever their dates, and that visits are numbered
-- from 1: so the first ones need no look at those before.
\if :{?above_level} \else \set above_level 2 \endif
\if :{?first_day} \else \set first_day 2020-01-01 \endif
\if :{?last_day} \else \set last_day 2020-03-31 \endif
\if :{?failures} \else \set failures 2 \endif

select v.task_id, v.visit_no, v.node_id, v.visit_date, v.engineer_skill_level
from fsm.visit v
where v.outcome = 'SUCCESS'
and v.engineer_skill_level > :above_level
and v.visit_date >= date :'first_day'
and v.visit_date < date :'last_day' + 1
and v.visit_no > :failures
and (
  select count(*)
  from fsm.visit earlier
  where earlier.task_id = v.task_id and earlier.visit_no < v.visit_no and earlier.outcome = 'FAIL'
) >= :failures
order by v.task_id, v.visit_no;
