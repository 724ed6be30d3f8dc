select node_id, count(*) from (
  select distinct task_id, visit_id, node_id from visits
  where outcome = 'FAIL' and visit_date >= '2020-01-01' and visit_date < '2021-01-01'
    and node_id in (select adj_node from network where node = 94)
) as failed
group by node_id
having count(*) >= 10
