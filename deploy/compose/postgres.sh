#!/usr/bin/env bash
# What the container of PostgreSQL runs: its image's own start, unless the volume holds the data of another major version. The
# image would begin an empty database beside that.
set -euo pipefail

for file in /var/lib/postgresql/PG_VERSION /var/lib/postgresql/*/PG_VERSION /var/lib/postgresql/*/*/PG_VERSION; do
  [ -f "$file" ] || continue
  version=$(cat "$file")
  if [ "$version" != "$PG_MAJOR" ] && [ ! -f "$PGDATA/PG_VERSION" ]; then
    printf 'The volume of the database holds data of PostgreSQL %s (%s), this is PostgreSQL %s. Nothing is changed. %s\n' \
      "$version" "${file%/PG_VERSION}" "$PG_MAJOR" \
      "Dump it with the old version and restore it into a new volume, or run pg_upgrade; or go back to the old image." >&2
    exit 1
  fi
done

exec docker-entrypoint.sh "$@"
