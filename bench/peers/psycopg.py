"""Loads a file of visits as a script does that somebody writes in an afternoon.

psycopg.py copy FILE            COPY, straight into the table: no line may conflict
psycopg.py execute_values FILE  INSERT ... ON CONFLICT, 5,000 rows a statement
"""
import io
import json
import sys

import psycopg2
import psycopg2.extras

BATCH = 5000
COLUMNS = (
    "task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type, "
    "engineer_skill_level, outcome, note_tokens, object_id, line"
)
UPSERT = f"""
insert into fsm.visit ({COLUMNS}) values %s
on conflict (task_id, visit_no) do update set
  node_id = excluded.node_id, visit_date = excluded.visit_date,
  original_reported_date = excluded.original_reported_date, node_age = excluded.node_age,
  node_type = excluded.node_type, task_type = excluded.task_type,
  engineer_skill_level = excluded.engineer_skill_level, outcome = excluded.outcome,
  note_tokens = excluded.note_tokens"""


def rows(path):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            visit = json.loads(line)
            yield (
                int(visit["task_id"][4:]),
                visit["visit_id"],
                int(visit["node_id"][4:]),
                visit["visit_date:"],
                visit["original_reported_date"],
                visit["node_age"],
                int(visit["node_type"][4:]),
                int(visit["task_type"][4:]),
                int(visit["engineer_skill_level"][5:]),
                visit["outcome"],
                "{" + visit["engineer_note"].replace(" ", ",") + "}",
                1,
                number,
            )


class Csv(io.RawIOBase):
    """The rows as a file to read from."""

    def __init__(self, source):
        self.source = source
        self.rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while len(self.rest) < len(buffer):
            row = next(self.source, None)
            if row is None:
                break
            self.rest += ("\t".join(map(str, row)) + "\n").encode()
        part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def main():
    way, path = sys.argv[1:]
    # where and as whom: PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD
    connection = psycopg2.connect("")
    cursor = connection.cursor()
    print("ready", flush=True)
    sys.stdin.readline()
    if way == "copy":
        source = io.BufferedReader(Csv(rows(path)), 64 * 1024)
        cursor.copy_expert(f"copy fsm.visit ({COLUMNS}) from stdin", source)
    else:
        psycopg2.extras.execute_values(cursor, UPSERT, rows(path), page_size=BATCH)
    connection.commit()
    print("done", flush=True)
    sys.stdin.readline()


main()
