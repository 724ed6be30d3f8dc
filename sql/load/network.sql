-- Keeps the lines of a network file that is loading; network-publish.sql shows them once the file is complete.
insert into fsm.network_incoming (object_id, line, node_id, adj_node_ids)
select object_id, line, node_id, adj_node_ids
from network_batch
on conflict (object_id, line) do nothing
