# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: whether .env has what docker-compose.yml needs of it. Needs home, the folder of docker-compose.yml.

environment_file="$home/.env"
# What check_environment found.
environment_problem=''

# environment_value NAME: as compose reads it
environment_value() {
  sed -n "s/^$1=//p" "$environment_file" | tail -n 1
}

# Sets compose_command; fails if neither is here.
find_compose() {
  if docker compose version >/dev/null 2>&1; then
    compose_command=(docker compose)
  elif command -v docker-compose >/dev/null 2>&1; then
    compose_command=(docker-compose)
  else
    return 1
  fi
}

# All that docker-compose.yml cannot do without.
needed_variables() {
  # shellcheck disable=SC2016
  grep -oE '\$\{[A-Z0-9_]+:\?' "$home/docker-compose.yml" | tr -d '${:?' | sort -u
}

# Fails if .env is not there, has not all, or is for everybody to read.
check_environment() {
  local name missing=()
  if [ ! -f "$environment_file" ]; then
    environment_problem="there is no .env; ./manage.sh install writes it"
    return 1
  fi
  if [ ! -r "$environment_file" ]; then
    environment_problem=".env belongs to somebody else and cannot be read"
    return 1
  fi
  for name in $(needed_variables); do
    [ -n "$(environment_value "$name")" ] || missing+=("$name")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    environment_problem=".env lacks ${missing[*]}; write it there, or move .env away and let ./manage.sh install write another"
    return 1
  fi
  if [ -n "$(find "$environment_file" -perm /077)" ]; then
    environment_problem="others can read the passwords in .env; chmod 600 .env"
    return 1
  fi
}
