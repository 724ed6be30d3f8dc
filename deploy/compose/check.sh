#!/usr/bin/env bash
# What can be tried of docker-compose.yml without a running Docker, where docker-compose or docker compose is there: that it
# is valid with the .env that install writes, in all profiles, and is refused without one.
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

fail() {
  printf 'check.sh: %s\n' "$*" >&2
  exit 1
}

# shellcheck source=deploy/compose/environment.sh
. "$home/deploy/compose/environment.sh"
if ! find_compose; then
  echo "check.sh: neither docker compose nor docker-compose is here; docker-compose.yml is left to ComposeTest"
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/deploy/compose"
cp "$home/docker-compose.yml" "$work"
cp "$home/deploy/install" "$work/deploy"
cp "$home/deploy/compose/environment.sh" "$work/deploy/compose"
cd "$work"

# Only what .env says.
for name in $(compgen -e | grep -E '^(COMPOSE_|INGEST_|AWS_)'); do unset "$name"; done

if "${compose_command[@]}" config >refused 2>&1; then
  fail "docker-compose.yml is accepted without .env"
fi
grep -q 'run ./manage.sh install' refused || fail "without .env it is not said what to do: $(cat refused)"

deploy/install >/dev/null
services=$(COMPOSE_PROFILES=local,monitoring "${compose_command[@]}" config --services | sort | xargs)
[ "$services" = "grafana ingest local pgadmin postgres prometheus" ] || fail "the services are $services"
"${compose_command[@]}" config >accepted
grep -q 'INGEST_BUCKET: ingest' accepted || fail "the application does not have the bucket of .env"
echo "check.sh: docker-compose.yml is valid with .env, and refused without"
