# What a new instance runs once, as root, to install and start everything: Java, PostgreSQL, camel-ingest. Terraform
# puts the settings before it: the bucket of the release, and the array ingest. /var/log/cloud-init-output.log has its
# output.
# shellcheck shell=bash
set -euo pipefail

: "${release:?}" "${ingest[INGEST_BUCKET]:?}" "${ingest[AWS_REGION]:?}"
postgresql=18
installed=/var/cache/camel-ingest
settings=/etc/camel-ingest/camel-ingest.env

export DEBIAN_FRONTEND=noninteractive

# attempt COMMAND...: what needs the network or a role that is new may not work at once
attempt() {
  local _
  for _ in $(seq 30); do
    ! "$@" || return 0
    sleep 10
  done
  printf 'gave up: %s\n' "$*" >&2
  return 1
}

install_packages() {
  attempt apt-get update -q
  attempt apt-get install -q -y --no-install-recommends \
    awscli ca-certificates openjdk-21-jre-headless postgresql-common unattended-upgrades
  # The PostgreSQL project's own packages: Debian 13 has version 17.
  attempt /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y
  attempt apt-get install -q -y --no-install-recommends "postgresql-$postgresql"
}

# For every later release, too.
install_update() {
  cat >/usr/local/sbin/camel-ingest-update <<UPDATE
#!/usr/bin/env bash
# Installs the release that Terraform has uploaded.
set -euo pipefail
export AWS_DEFAULT_REGION='${ingest[AWS_REGION]}'
# All of it: what is not shipped any more must go, and times tell nothing of which is newer.
rm -rf '$installed.fetched'
aws s3 cp --recursive --only-show-errors 's3://$release/' '$installed.fetched'
rm -rf '$installed'
mv '$installed.fetched' '$installed'
exec bash '$installed/deploy/systemd/install'
UPDATE
  chmod 755 /usr/local/sbin/camel-ingest-update
}

as_postgres() { (cd / && runuser -u postgres -- "$@"); }

configure_database() {
  local folder=/etc/postgresql/$postgresql/main/conf.d
  if [ -f "$installed/deploy/postgresql.conf" ]; then
    install -m 644 "$installed/deploy/postgresql.conf" "$folder/10-small.conf"
  fi
  # Analysts come through SSH, whatever the file before this says.
  printf "listen_addresses = 'localhost'\n" >"$folder/20-loopback.conf"
  systemctl restart "postgresql@$postgresql-main"
}

make_database() {
  as_postgres psql -qAtc "select 1 from pg_database where datname = 'ingest'" | grep -q . ||
    as_postgres createdb --encoding UTF8 --locale C.UTF-8 --template template0 ingest
  as_postgres psql -qX -v ON_ERROR_STOP=1 -d ingest <"$installed/sql/roles.sql"
}

random_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# set_password ROLE PASSWORD: by standard input, and kept out of the server's log
set_password() {
  as_postgres psql -qX -v ON_ERROR_STOP=1 -d ingest <<SQL
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
alter role $1 password '$2';
SQL
}

# Fills in the file as it was installed.
fill_in_settings() {
  local owner writer key line
  owner=$(random_password)
  writer=$(random_password)
  set_password ingest_owner "$owner"
  set_password ingest_writer "$writer"
  ingest[INGEST_DB_PASSWORD]=$writer
  ingest[INGEST_DB_MIGRATION_PASSWORD]=$owner
  (
    umask 077
    while IFS= read -r line; do
      key=${line%%=*}
      if [[ $line = *=* && -n ${ingest[$key]+set} ]]; then
        line="$key=${ingest[$key]}"
        unset "ingest[$key]"
      fi
      printf '%s\n' "$line"
    done <"$settings" >"$settings.filled"
    for key in "${!ingest[@]}"; do
      printf '%s=%s\n' "$key" "${ingest[$key]}"
    done >>"$settings.filled"
  )
  mv "$settings.filled" "$settings"
}

install_packages
install_update
attempt camel-ingest-update
configure_database
make_database
fill_in_settings
systemctl enable --now camel-ingest
