-- The nodes within so many hops of a node that had at least so many failed visits during a period.
--
-- Parameters, each with its default: node (94), hops (2), first_day (2020-01-01), last_day (2020-12-31), failures (10).
-- For example: psql -v failures=20 -f sql/questions/q4.sql
--
-- Assumes what q3.sql assumes, and that both days belong to the period, whatever the time of the visit.
\if :{?node} \else \set node 94 \endif
\if :{?hops} \else \set hops 2 \endif
\if :{?first_day} \else \set first_day 2020-01-01 \endif
\if :{?last_day} \else \set last_day 2020-12-31 \endif
\if :{?failures} \else \set failures 10 \endif

select v.node_id, count(*) as failures
from fsm.visit v
where v.node_id in (select node_id from fsm.nodes_within(:node, :hops))
and v.outcome = 'FAIL'
and v.visit_date >= date :'first_day'
and v.visit_date < date :'last_day' + 1
group by v.node_id
having count(*) >= :failures
order by v.node_id;
