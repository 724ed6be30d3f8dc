#!/usr/bin/env bash
# What the container of the local stack runs: S3 on port 9000 and SQS on port 9324, and uploads of sample data to it.
set -euo pipefail

java=(java -XX:+UseSerialGC -Xmx96m -XX:TieredStopAtLevel=1 -cp '/opt/local/test-classes:/opt/local/classes:/opt/local/lib/*')

case ${1:-} in
  serve)
    if [ -z "${AWS_SECRET_ACCESS_KEY:-}" ]; then
      echo "local: AWS_SECRET_ACCESS_KEY is missing in .env; without the bucket of this machine, take local out of COMPOSE_PROFILES" >&2
      exit 2
    fi
    rm -f /tmp/ready
    (umask 077 && printf '%s\n' "$AWS_SECRET_ACCESS_KEY" >/data/secret)
    # Its settings, which it prints when all is there, have the secret.
    exec "${java[@]}" io.github.camelingest.local.LocalMain \
      --data /data --name "${INGEST_BUCKET:?}" --host local --s3-port 9000 --sqs-port 9324 > >(grep -q AWS_ENDPOINT_URL_SQS && : >/tmp/ready)
    ;;
  network | morning | evening)
    AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000 exec "${java[@]}" io.github.camelingest.local.Demo "$1"
    ;;
  *)
    echo "local: serve, or upload sample data: network, morning, evening" >&2
    exit 2
    ;;
esac
