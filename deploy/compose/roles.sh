#!/usr/bin/env bash
# Runs once, when the database is made: the three roles, with the passwords of .env. psql reads those from the environment, so
# that they are no arguments.
set -euo pipefail

run() {
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname ingest "$@"
}

run --file /camel-ingest/roles.sql
run <<'SQL'
\getenv owner INGEST_OWNER_PASSWORD
\getenv writer INGEST_WRITER_PASSWORD
\getenv analyst ANALYST_PASSWORD
-- Neither does the server's log show them.
set log_statement = 'none';
set log_min_error_statement = 'panic';
set log_min_duration_statement = -1;
alter role ingest_owner password :'owner';
alter role ingest_writer password :'writer';
alter role analyst password :'analyst';
SQL
