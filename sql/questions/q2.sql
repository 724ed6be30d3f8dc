-- Tasks that were completed by their second visit, whose two visits' notes share at least so many distinct words.
--
-- Parameter, with its default: shared_words (5). For example: psql -v shared_words=6 -f sql/questions/q2.sql
--
-- Assumes that a task is completed by its first successful visit, so the first visit failed and the second succeeded;
-- that visits are numbered from 1; and that a word that comes several times in a note counts once, as & of the extension
-- intarray does.
\if :{?shared_words} \else \set shared_words 5 \endif

select
  second.task_id, second.node_id, second.visit_date as completed,
  icount(first.note_tokens & second.note_tokens) as shared_words
from fsm.visit second
join fsm.visit first on first.task_id = second.task_id and first.visit_no = 1 and first.outcome = 'FAIL'
where second.visit_no = 2 and second.outcome = 'SUCCESS'
and icount(first.note_tokens & second.note_tokens) >= :shared_words
order by second.task_id;
