# shellcheck shell=bash disable=SC2154
# Sourced by manage.sh: its commands in containers, where Docker runs and ./manage.sh install has written .env. Needs home,
# say and fail.
# shellcheck source=deploy/compose/environment.sh
. "$home/deploy/compose/environment.sh"

compose_command=()

# Whether commands are about containers.
in_containers() {
  if [ ! -f "$environment_file" ] || ! command -v docker >/dev/null 2>&1; then
    return 1
  fi
  if ! docker info >/dev/null 2>&1; then
    say "Docker does not answer, so this is without containers" >&2
    return 1
  fi
  find_compose
}

compose() { (cd "$home" && "${compose_command[@]}" "$@"); }

container_of() { compose ps --quiet "$1" 2>/dev/null | head -n 1; }

# The value of a Go template for the container of a service; nothing where there is none.
inspect() {
  local container
  container=$(container_of "$1")
  [ -z "$container" ] || docker inspect --format "$2" "$container" 2>/dev/null || true
}

is_up() { [ "$(inspect "$1" '{{.State.Running}}')" = true ]; }

# The services of .env's profiles. (docker-compose 1 lists those of all profiles.)
services() {
  local profiles
  profiles=",${COMPOSE_PROFILES-$(environment_value COMPOSE_PROFILES)},"
  printf '%s\n' postgres pgadmin ingest
  [[ $profiles != *,local,* ]] || echo local
  [[ $profiles != *,monitoring,* ]] || printf '%s\n' prometheus grafana
}

# Fails if another program has one of the ports.
check_ports() {
  local service variable port
  while read -r service variable; do
    if ! grep -qx "$service" <<<"$1" || is_up "$service"; then
      continue
    fi
    port=$(environment_value "$variable")
    if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      fail "port $port of 127.0.0.1 is in use already; choose another $variable in .env"
    fi
  done <<'PORTS'
postgres POSTGRES_PORT
pgadmin PGADMIN_PORT
ingest MANAGEMENT_PORT
local LOCAL_S3_PORT
prometheus PROMETHEUS_PORT
grafana GRAFANA_PORT
PORTS
}

# quietly COMMAND...: its output only if it fails
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" | tail -n 30 >&2
    return 1
  }
}

# await SERVICE: until it is healthy; fails with its last words if it ends or does not become so
await() {
  local service=$1 began=$SECONDS restarts
  while [ $((SECONDS - began)) -lt 180 ]; do
    [ "$(inspect "$service" '{{.State.Health.Status}}')" != healthy ] || return 0
    # Started again after a failure: what it said is the reason. The first failures may be those of a server that it waits for.
    restarts=$(inspect "$service" '{{.RestartCount}}')
    [ "${restarts:-4}" -lt 4 ] || break
    sleep 1
  done
  compose logs --no-color --tail 20 "$service" 2>/dev/null | sed -n 's/^[^|]*| //p' | awk '!seen[$0]++' | tail -n 5 >&2
  fail "$service does not start; its last words are above"
}

# The three roles have the passwords of .env; the database remembers those with which it was made.
check_passwords() {
  local role variable
  while read -r role variable; do
    # shellcheck disable=SC2016
    compose exec -T postgres sh -c 'PGPASSWORD=$(printenv "$2") exec psql -qX -h "$(hostname -i | cut -d " " -f 1)" -U "$1" -d ingest -c ""' \
      sh "$role" "$variable" >/dev/null 2>&1 </dev/null ||
      fail "$variable in .env is not the password that $role has in the database; write the earlier one there, or change it in the database: ${compose_command[*]} exec postgres psql -U postgres -c '\\password $role'"
  done <<'ROLES'
ingest_owner INGEST_OWNER_PASSWORD
ingest_writer INGEST_WRITER_PASSWORD
analyst ANALYST_PASSWORD
ROLES
}

# All that the application needs is healthy when this returns.
start_servers() {
  local all service ours servers
  check_environment || fail "$environment_problem"
  all=$(services)
  check_ports "$all"
  say "Building the images, unless they are there"
  mapfile -t ours < <(grep -xE 'ingest|local' <<<"$all")
  quietly compose build "${ours[@]}" || fail "the images cannot be built"
  mapfile -t servers < <(grep -xE 'postgres|local' <<<"$all")
  quietly compose up --detach --no-deps "${servers[@]}" || fail "the servers cannot be started"
  for service in "${servers[@]}"; do
    await "$service"
  done
  check_passwords
}

visit_in_containers() {
  start_servers
  quietly compose up --detach || fail "not all containers can be started"
  await ingest
  say "camel-ingest is running in containers; ./manage.sh logs -f shows what it does"
  say "PostgreSQL: psql -h 127.0.0.1 -p $(environment_value POSTGRES_PORT) -U analyst ingest (ANALYST_PASSWORD in .env)"
  say "what it does: http://127.0.0.1:$(environment_value MANAGEMENT_PORT)/ and ./manage.sh hawtio"
  say "pgAdmin: http://127.0.0.1:$(environment_value PGADMIN_PORT) ($(environment_value PGADMIN_EMAIL), PGADMIN_PASSWORD in .env)"
}

# once COMMAND...: of the application, in a container of its own that goes away with it
once() { compose run --rm -T ingest "$@"; }

network_in_containers() {
  start_servers
  once load network --wait
}

status_in_containers() {
  local service health
  for service in $(services); do
    health=$(inspect "$service" '{{if .State.Running}}{{.State.Health.Status}}{{end}}')
    say "$service is ${health:-not running}"
  done
  ! is_up postgres || once status
}

logs_in_containers() {
  local follow=()
  [ "${1:-}" != -f ] || follow=(--follow --tail 100)
  compose logs --no-color "${follow[@]}" ingest
}

# down OPTION...: also what profiles began that .env names no longer
down() { COMPOSE_PROFILES=local,monitoring compose down "$@"; }

stop_in_containers() {
  quietly down || fail "the containers cannot be stopped"
  say "the containers are stopped; their data stays"
}

kill_in_containers() {
  if [ "${1:-}" != --yes ]; then
    read -r -p "Stop the containers and remove the database and all other volumes? [y/N] " answer
    [ "$answer" = y ] || fail "nothing done"
  fi
  quietly down --volumes || fail "the containers cannot be removed"
  say "the containers and their data are removed; .env stays"
}
