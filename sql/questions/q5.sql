-- The nodes within so many hops of a node with at least one visit in a period whose note contains a word.
--
-- Parameters, each with its default: node (94), hops (2), first_day (2020-03-01), last_day (2020-03-31), word (126).
-- For example: psql -v word=7 -f sql/questions/q5.sql
--
-- Assumes what q3.sql assumes, and that both days belong to the period, whatever the time of the visit. Visits of either
-- outcome count.
\if :{?node} \else \set node 94 \endif
\if :{?hops} \else \set hops 2 \endif
\if :{?first_day} \else \set first_day 2020-03-01 \endif
\if :{?last_day} \else \set last_day 2020-03-31 \endif
\if :{?word} \else \set word 126 \endif

select distinct v.node_id
from fsm.visit v
where v.node_id in (select node_id from fsm.nodes_within(:node, :hops))
and v.visit_date >= date :'first_day'
and v.visit_date < date :'last_day' + 1
and :word = any (v.note_tokens)
order by v.node_id;
