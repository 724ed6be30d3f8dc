select a.task_id
from visits a join visits b on a.task_id = b.task_id and a.engineer_note = b.engineer_note
where a.visit_id = 1 and b.visit_id = 2 and b.outcome = 'SUCCESS'
group by a.task_id
having count(distinct a.engineer_note) >= 5
