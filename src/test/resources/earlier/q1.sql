select distinct v.task_id, v.visit_id, v.node_id, v.visit_date
from visits v
where v.outcome = 'SUCCESS'
  and v.engineer_skill_level > 2
  and v.visit_date between '2020-01-01' and '2020-03-31'
  and (select count(distinct f.visit_id) from visits f
       where f.task_id = v.task_id and f.outcome = 'FAIL' and f.visit_id < v.visit_id) >= 2
order by v.task_id
