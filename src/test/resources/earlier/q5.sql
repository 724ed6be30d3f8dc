select distinct v.node_id
from visits v
where v.node_id in (
    select adj_node from network where node = 94
    union
    select node from network where adj_node = 94
  )
  and v.visit_date between '2020-03-01' and '2020-03-31' and v.engineer_note = 126
