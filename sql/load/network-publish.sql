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

insert into fsm.network_edge (node_id, adj_node_id, object_id, line)
select i.node_id, a.adj_node_id, i.object_id, min(i.line)
from fsm.network_incoming i
cross join lateral unnest(i.adj_node_ids) as a (adj_node_id)
where i.object_id = :#${body.objectId}
group by i.node_id, a.adj_node_id, i.object_id;

delete from fsm.network_incoming
where object_id = :#${body.objectId}
