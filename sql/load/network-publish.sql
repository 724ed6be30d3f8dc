-- Replaces the network by the complete file, in the transaction that marks it loaded: readers see the old network or the
-- new one. A file that S3 took earlier than the one on show changes nothing. The parameter is the object's id in the ledger.
lock table fsm.network_edge in share row exclusive mode;

-- Versions of the key that do not hold any more neither show nor stand in the way.
delete from fsm.network_incoming
where object_id in (select ingest.outdated(:#${body.objectId}));

delete from fsm.network_incoming i
where i.object_id = :#${body.objectId}
and exists (
  select from fsm.network_node n
  where n.object_id not in (select ingest.outdated(i.object_id)) and ingest.wins(n.object_id, 0, i.object_id, 0)
);

delete from fsm.network_edge
where exists (select from fsm.network_incoming where object_id = :#${body.objectId});

delete from fsm.network_node
where exists (select from fsm.network_incoming where object_id = :#${body.objectId});

insert into fsm.network_node (node_id, object_id, line)
select node_id, object_id, min(line)
from fsm.network_incoming
where object_id = :#${body.objectId}
group by node_id, object_id;

-- An edge that is listed more than once, in whichever direction, is one edge: as it is listed first.
insert into fsm.network_edge (node_id, adj_node_id, object_id, line)
select distinct on (least(i.node_id, a.adj_node_id), greatest(i.node_id, a.adj_node_id))
  i.node_id, a.adj_node_id, i.object_id, i.line
from fsm.network_incoming i
cross join lateral unnest(i.adj_node_ids) with ordinality as a (adj_node_id, place)
where i.object_id = :#${body.objectId}
order by least(i.node_id, a.adj_node_id), greatest(i.node_id, a.adj_node_id), i.line, a.place;

delete from fsm.network_incoming
where object_id = :#${body.objectId}
