-- All nodes within so many hops of a node, without the node itself.
--
-- Parameters, each with its default: node (94), hops (2). For example: psql -v node=17 -v hops=3 -f sql/questions/q3.sql
--
-- Assumes that edges go both ways, whichever node's line lists them. A node that is not in the network has no neighbours.
\if :{?node} \else \set node 94 \endif
\if :{?hops} \else \set hops 2 \endif

select node_id
from fsm.nodes_within(:node, :hops)
order by node_id;
