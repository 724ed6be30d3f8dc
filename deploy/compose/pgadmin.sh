#!/bin/sh
# What the container of pgAdmin runs: its image's own start, after writing the password of the registered server
# (servers.json) where pgAdmin looks for it. At each start, so that another password in .env counts.
set -eu

storage="/var/lib/pgadmin/storage/$(printf %s "$PGADMIN_DEFAULT_EMAIL" | tr @ _)"
umask 077
mkdir -p "$storage"
# libpq takes \ and : for what they are only behind another \.
printf 'postgres:5432:*:analyst:%s\n' "$(printf %s "$ANALYST_PASSWORD" | sed 's/[\\:]/\\&/g')" >"$storage/.pgpass"
unset ANALYST_PASSWORD
umask 022

exec /entrypoint.sh "$@"
