#!/usr/bin/env bash
# The one script to build, run, try and test camel-ingest. Works from any folder.
set -euo pipefail

# The local S3 server keeps objects as files, whose names follow the locale.
export LC_ALL=C.UTF-8

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
jar="$home/target/camel-ingest.jar"
state="$home/.local"
# The sizes of the young generation: batches are over before they would have to be moved to the old one.
memory_options=(-Xmx96m -XX:+UseSerialGC -Xmn52m -XX:SurvivorRatio=3)
# Classes as the JVM has them in memory. If the archive is missing, of another jar or of another JDK, the JVM goes without
# it; else it would say so on standard output.
archive="$home/target/camel-ingest.jsa"
jvm_options=("${memory_options[@]}" "-XX:SharedArchiveFile=$archive" -Xlog:disable)

usage() {
  cat <<'USAGE'
Usage: ./manage.sh COMMAND

Try it
  demo [--keep]      run everything on this machine: S3, SQS, PostgreSQL, the application, sample data;
                     --keep leaves it running
  test               build and run all tests, as CI does

Run it (settings: application.properties or environment, such as INGEST_BUCKET; else the local stack's, if it runs).
With .env and Docker, these are about the containers of docker-compose.yml: visit, network, status, logs, stop, kill.
  install            install what is missing: a JDK, and .env for containers
  install --service [--root DIR]
                     install it as a service of systemd, or bring that up to date; needs root; --help tells more
  build              build target/camel-ingest.jar, and an archive of its classes for a quick start
  visit              ingest in the background, until stop
  network            load the network once
  status [--watch]   what is loaded, and what is running
  logs [-f]          the application's log
  hawtio [--application URL] [--port N]
                     the running routes in the browser, with Hawtio, until Ctrl-C; --help tells more
  stop               stop the application and the local stack
  kill [--yes]       stop everything and remove its data

Develop
  local [--detach] [--s3-port N] [--sqs-port N] [--db-port N]
                     S3, SQS and PostgreSQL on loopback; prints the settings to reach them
  torture [--rounds N] [--seed S]
                     kill -9 and faults of S3, SQS and PostgreSQL while it loads; then compares every table with an
                     undisturbed run; --help tells more
  bench [--quick] [--floor RATIO] [--only NAME,...] [--lines N] [--rounds N]
                     the application and other ways to load the same lines, as shares of what COPY of ready rows does;
                     --list names them, --help tells more; without --quick or --only, it writes bench/RESULTS.md
  bench micro [OPTION]...
                     what reading a line, its JSON and its columns takes; options are JMH's, such as -h
  bench start [--starts N]
                     from the start of the process to the first committed row
  bench questions [--visits N] [--explain]
                     how long the five questions of analysts take; --help tells more
  bench discovery    from upload to visible row, tiny objects, comparing a large bucket; --help tells more
  model              draw docs/model.svg from the tables and views there are; needs dot of Graphviz
  fit [--visits N]   whether PostgreSQL and the application fit into the memory of a small machine; needs root;
                     --help tells more
  fuzz [--seconds N] [TEST]...
                     make up inputs for the readers of lines, JSON and events, N (15) seconds a fuzz test; an input
                     that breaks a promise is kept among the test's inputs, so that every test run tries it again
USAGE
}

say() { printf '%s\n' "$*"; }
fail() {
  printf 'manage.sh: %s\n' "$*" >&2
  exit 1
}

# shellcheck source=deploy/compose/containers.sh disable=SC1091
. "$home/deploy/compose/containers.sh"

# --- building

java_major() {
  java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
}

ensure_jdk() {
  if command -v javac >/dev/null 2>&1 && [ "$(java_major)" -ge 17 ]; then
    return
  fi
  say "No JDK 17 or later here: installing Debian's default-jdk-headless with apt-get"
  install_packages default-jdk-headless
}

# For tests, of which some look at pages; where it cannot be installed, these fail and say what is missing.
ensure_browser() {
  if [ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ]; then
    return
  fi
  say "No Chromium here: installing Debian's chromium and chromium-driver with apt-get"
  install_packages --no-install-recommends chromium chromium-driver || true
}

install_packages() {
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"
}

build() {
  ensure_jdk
  ! stale || (cd "$home" && ./mvnw -q -B package -DskipTests)
  mkdir -p "$home/target/training"
  (archive_classes) >"$home/target/training/log" 2>&1 || true
  [ -f "$archive" ] || say "No archive of classes was made, so starts take longer; target/training/log may say why"
}

# Writes the classes of a start and of a first load on a local stack of its own.
archive_classes() {
  state="$home/target/training"
  rm -rf "$state/data" "$archive"
  trap 'stop camel-ingest; stop local; end_orphan; rm -rf "$state/data"' EXIT
  local_start "$state/data"
  set -a
  # shellcheck disable=SC1091
  . "$state/local.env"
  set +a
  : >"$state/camel-ingest.log"
  (local_java local.Demo morning)
  start camel-ingest java "${memory_options[@]}" "-XX:ArchiveClassesAtExit=$archive" -jar "$jar" run
  for _ in $(seq 300); do
    ! grep -q ' rows, ' "$state/camel-ingest.log" || break
    begun camel-ingest || break
    sleep 0.1
  done
}

# Whether the jar, the local stack's or the tests' classes are missing or older than what they are made of.
stale() {
  local made="$home/target/local.classpath"
  [ ! -f "$jar" ] || [ ! -f "$made" ] ||
    [ -n "$(find "$home/pom.xml" "$home/src/main" "$home/src/test" "$home/local" "$home/bench/src" "$home/routes" "$home/sql" -newer "$jar" -print -quit)" ]
}

build_if_needed() {
  ensure_jdk
  if stale; then
    say "Building target/camel-ingest.jar"
    build
  fi
}

# --- processes

# The program that a process runs; nothing if there is no such process.
name_of() { cat "/proc/$1/comm" 2>/dev/null || true; }

pid_of() {
  local file="$state/$1.pid" pid
  [ -f "$file" ] || return 1
  pid=$(cat "$file")
  # A number may have gone to another process meanwhile: ours are JVMs.
  [ -n "$pid" ] && [ "$(name_of "$pid")" = java ] && printf '%s\n' "$pid"
}

running() { pid_of "$1" >/dev/null; }

# The same of what was started just now, and may not be a JVM yet.
begun() { kill -0 "$(cat "$state/$1.pid")" 2>/dev/null; }

# start NAME COMMAND...: in the background, with a pid file and a log
start() {
  local name=$1
  shift
  mkdir -p "$state"
  (umask 077 && : >>"$state/$name.log")
  nohup "$@" >>"$state/$name.log" 2>&1 </dev/null &
  printf '%s\n' "$!" >"$state/$name.pid"
}

stop() {
  local name=$1 pid
  if pid=$(pid_of "$name"); then
    kill "$pid"
    for _ in $(seq 150); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    if kill -0 "$pid" 2>/dev/null; then
      say "$name does not stop, so it is killed"
      kill -9 "$pid"
    fi
    say "$name is stopped"
  fi
  rm -f "$state/$name.pid"
}

# --- the application

has_settings() {
  [ -n "${INGEST_BUCKET:-}" ] || [ -f "$home/application.properties" ] || [ -f "$home/target/application.properties" ]
}

use_settings() {
  if ! has_settings && running local; then
    # shellcheck disable=SC1091
    . "$state/local.env"
  fi
}

application() {
  (cd "$home" && exec java "${jvm_options[@]}" -jar "$jar" "$@")
}

visit() {
  build_if_needed
  use_settings
  if running camel-ingest; then
    fail "camel-ingest is running already, as process $(pid_of camel-ingest)"
  fi
  : >"$state/camel-ingest.log" 2>/dev/null || true
  (cd "$home" && start camel-ingest java "${jvm_options[@]}" -jar "$jar" run)
  for _ in $(seq 300); do
    if grep -q ' loads \[' "$state/camel-ingest.log"; then
      say "camel-ingest is running; ./manage.sh logs -f shows what it does"
      return
    fi
    begun camel-ingest || break
    sleep 0.1
  done
  stop camel-ingest >/dev/null
  cat "$state/camel-ingest.log" >&2
  fail "camel-ingest did not start"
}

# --- the local stack

# local_java CLASS ARGUMENT...: with everything that tests have
local_java() {
  local main=$1
  shift
  exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "$home/target/test-classes:$home/target/classes:$(cat "$home/target/local.classpath")" \
    "io.github.camelingest.$main" "$@"
}

# local_start DATA OPTION...: detached; its settings are in $state/local.env
local_start() {
  local data=$1
  shift
  if running local; then
    fail "the local stack is running already; ./manage.sh stop ends it"
  fi
  mkdir -p "$state"
  (umask 077 && : >"$state/local.env")
  (umask 077 && : >"$state/local.log")
  (
    local_java local.LocalMain --data "$data" "$@" >"$state/local.env" 2>>"$state/local.log" </dev/null &
    printf '%s\n' "$!" >"$state/local.pid"
  )
  for _ in $(seq 900); do
    if grep -q AWS_ENDPOINT_URL_SQS "$state/local.env"; then
      return
    fi
    begun local || break
    sleep 0.1
  done
  stop local >/dev/null
  cat "$state/local.log" >&2
  fail "the local stack did not start"
}

local_stack() {
  local detach=false options=()
  while [ $# -gt 0 ]; do
    case $1 in
      --detach) detach=true ;;
      *) options+=("$1") ;;
    esac
    shift
  done
  build_if_needed >&2
  if $detach; then
    local_start "$state/data" "${options[@]}"
    cat "$state/local.env"
  else
    mkdir -p "$state"
    local_java local.LocalMain --data "$state/data" "${options[@]}"
  fi
}

# --- the demo

demo() {
  local keep=false
  [ "${1:-}" != --keep ] || keep=true
  build_if_needed
  rm -rf "$state/demo"
  say "Starting S3, SQS and PostgreSQL on this machine"
  local_start "$state/demo"
  $keep || trap 'stop camel-ingest; stop local' EXIT
  set -a
  # shellcheck disable=SC1091
  . "$state/local.env"
  set +a

  say "The network, once:"
  (local_java local.Demo network)
  application load network --wait

  say "Visits by polling:"
  (local_java local.Demo morning)
  INGEST_QUEUE='' INGEST_POLL_INTERVAL=1s visit
  (local_java local.Demo watch)
  stop camel-ingest

  say "Visits by notification:"
  visit
  (local_java local.Demo evening)
  (local_java local.Demo watch)

  (local_java local.Demo report)
  if $keep; then
    say
    say "Everything is left running; ./manage.sh stop ends it. To look around:"
    say "  . .local/local.env"
    say "  PGPASSWORD=\$INGEST_DB_PASSWORD psql -h 127.0.0.1 -p $(database_port) -U analyst ingest"
  else
    say
    say "./manage.sh demo --keep leaves everything running and says how to connect with psql."
  fi
}

database_port() {
  sed -E 's|.*:([0-9]+)/.*|\1|' <<<"$INGEST_DB_URL"
}

# --- the rest

torture() {
  build_if_needed
  cd "$home"
  local_java torture.Torture "$@"
}

bench() {
  case ${1:-} in
    discovery) bench_java bench.DiscoveryBench "${@:2}" ;;
    questions) bench_java bench.QuestionsBench "${@:2}" ;;
    start) bench_java bench.StartBench "${@:2}" ;;
    micro) bench_micro "${@:2}" ;;
    *) bench_ways "$@" ;;
  esac
}

bench_ways() {
  local peers=''
  if ! [[ " $* " =~ \ --(quick|help)\  ]]; then
    build_bench peers
    peers="$home/bench/target/peers/classes:$(cat "$home/bench/target/peers/bench.classpath")"
  fi
  bench_java "-Dbench.peers=$peers" bench.Bench "$@"
}

bench_micro() {
  build_bench micro
  exec java "${jvm_options[@]}" \
    -cp "$home/bench/target/micro/classes:$home/target/classes:$(cat "$home/target/local.classpath"):$(cat "$home/bench/target/micro/bench.classpath")" \
    org.openjdk.jmh.Main -prof gc "$@"
}

# build_bench peers|micro: the part of bench/pom.xml
build_bench() {
  local made="$home/bench/target/$1/bench.classpath"
  build_if_needed
  if [ ! -f "$made" ] || [ -n "$(find "$jar" "$home/bench/pom.xml" "$home/bench/$1" -newer "$made" -print -quit)" ]; then
    say "Building bench/$1"
    (cd "$home" && ./mvnw -q -B -f bench/pom.xml -Dbench.sources="$1" clean process-classes)
  fi
}

# bench_java [OPTION] CLASS ARGUMENT...
bench_java() {
  build_if_needed
  cd "$home"
  local option=()
  if [[ $1 = -D* ]]; then
    option=("$1")
    shift
  fi
  exec java -XX:+UseSerialGC "${option[@]}" "-Dbench.jvm-options=$(printf '%s\n' "${jvm_options[@]}")" \
    -cp "$home/target/test-classes:$home/target/classes:$(cat "$home/target/local.classpath")" \
    "io.github.camelingest.$1" "${@:2}"
}

draw_model() {
  command -v dot >/dev/null 2>&1 || fail "there is no dot here: install Graphviz"
  (cd "$home" && ./mvnw -q -B verify -Dmodel.draw=true -Dit.test=ModelIT -Dtest=SettingsTest \
    -Dsurefire.failIfNoSpecifiedTests=false && dot -Tsvg docs/model.dot -o docs/model.svg)
  say "docs/model.dot and docs/model.svg are drawn"
}

fuzz() {
  local seconds=15 tests=() failed=false
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds)
        [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "--seconds wants a number of seconds for each fuzz test"
        seconds=$2
        shift
        ;;
      -*) fail "fuzz has no option '$1'" ;;
      *) tests+=("$1") ;;
    esac
    shift
  done
  [ ${#tests[@]} -gt 0 ] || mapfile -t tests < <(cd "$home/src/test/java" && find . -name '*FuzzTest.java' -printf '%f\n' | sort)
  build_if_needed
  mkdir -p "$home/target/fuzz"

  # One JVM can fuzz one test only; two of them share the usual two cores.
  local test number=0 first=() second=()
  for test in "${tests[@]}"; do
    if ((number++ % 2 == 0)); then first+=("${test%.java}"); else second+=("${test%.java}"); fi
  done
  fuzz_each "$seconds" "${second[@]}" &
  fuzz_each "$seconds" "${first[@]}" || failed=true
  wait $! || failed=true
  ! $failed || fail "a fuzz test failed; each input that breaks a promise is a new file in src/test/resources"
}

# fuzz_each SECONDS TEST...: one after the other; fails if one does
fuzz_each() {
  local seconds=$1 test failed=false
  shift
  for test in "$@"; do
    fuzz_one "$seconds" "$test" || failed=true
  done
  ! $failed
}

fuzz_one() {
  local seconds=$1 test=$2 source inputs="$state/fuzz/$2" log="$home/target/fuzz/$2.log"
  source=$(cd "$home/src/test/java" && find . -name "$test.java" -printf '%P\n')
  if [ -z "$source" ]; then
    say "there is no fuzz test $test" >&2
    return 1
  fi
  mkdir -p "$inputs"
  if (cd "$home" && fuzz_java "$(tr / . <<<"${source%.java}")" "$seconds" "$inputs") >"$log" 2>&1; then
    say "$test: $(sed -n 's/^Done \([0-9]* runs in [0-9]* second(s)\).*/\1/p' "$log"), no finding"
  else
    # The exception, and the input for a log from which no file can be had.
    grep -avE '^(INFO|#[0-9]|\*+|.*# Uses:)' "$log" | head -n 60 >&2
    say "$test: failed; $log tells all" >&2
    return 1
  fi
}

# fuzz_java CLASS SECONDS INPUTS: an input that takes 5 s or too much memory is a finding, too
fuzz_java() {
  local libraries
  # Jazzer looks into every jar before it starts; these, of the local stack, take it longest.
  libraries=$(tr : '\n' <"$home/target/local.classpath" | grep -vE 'zonky|pekko|scala|s3proxy|h2database|archunit' | paste -sd :)
  java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+EnableDynamicAgentLoading \
    -cp "$home/target/test-classes:$home/target/classes:$libraries" com.code_intelligence.jazzer.Jazzer \
    --target_class="$1" --reproducer_path="$home/target/fuzz" \
    --instrumentation_includes='io.github.camelingest.**:com.fasterxml.jackson.core.**:software.amazon.awssdk.eventnotifications.**' \
    --instrumentation_excludes="$1**" \
    -max_total_time="$2" -timeout=5 -rss_limit_mb=1024 "$3"
}

status() {
  use_settings
  if running camel-ingest; then
    say "camel-ingest is running, as process $(pid_of camel-ingest)"
  else
    say "camel-ingest is not running"
  fi
  if running local; then
    say "the local stack is running, as process $(pid_of local)"
  fi
  build_if_needed
  application status "$@"
}

logs() {
  [ -f "$state/camel-ingest.log" ] || fail "there is no log yet; ./manage.sh visit starts the application"
  if [ "${1:-}" = -f ]; then
    exec tail -n 100 -f "$state/camel-ingest.log"
  fi
  cat "$state/camel-ingest.log"
}

kill_all() {
  if [ "${1:-}" != --yes ]; then
    read -r -p "Stop everything and remove its data in $state? [y/N] " answer
    [ "$answer" = y ] || fail "nothing done"
  fi
  stop camel-ingest
  stop local
  end_orphan
  rm -rf "$state"
  say "all local data is removed"
}

# A PostgreSQL server that outlived its JVM.
end_orphan() {
  local file pid
  for file in "$state"/*/postgres/postmaster.pid; do
    [ -f "$file" ] || continue
    pid=$(head -n 1 "$file")
    if [ "$(name_of "$pid")" = postgres ]; then
      kill -INT "$pid"
      for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
      done
    fi
  done
}

main() {
  local command=${1:-help}
  [ $# -eq 0 ] || shift
  if [[ $command =~ ^(visit|network|status|logs|stop|kill)$ ]] && in_containers; then
    "${command}_in_containers" "$@"
    [[ $command =~ ^(stop|kill)$ ]] || return 0
  fi
  case $command in
    install)
      [ "${1:-}" != --service ] || exec "$home/deploy/systemd/install" "${@:2}"
      ensure_jdk && "$home/deploy/install" && say "everything needed is installed"
      ;;
    build) build ;;
    visit) visit ;;
    network)
      build_if_needed
      use_settings
      application load network --wait
      ;;
    stop)
      stop camel-ingest
      stop local
      end_orphan
      ;;
    kill) kill_all "$@" ;;
    local) local_stack "$@" ;;
    demo) demo "$@" ;;
    test)
      ensure_jdk
      ensure_browser
      (cd "$home" && ./mvnw -B verify)
      ;;
    torture) torture "$@" ;;
    bench) bench "$@" ;;
    model) draw_model ;;
    fit)
      # shellcheck source=deploy/fit disable=SC1091
      . "$home/deploy/fit"
      fit "$@"
      ;;
    fuzz) fuzz "$@" ;;
    hawtio)
      # shellcheck source=deploy/hawtio disable=SC1091
      . "$home/deploy/hawtio"
      hawtio "$@"
      ;;
    status) status "$@" ;;
    logs) logs "$@" ;;
    help | -h | --help) usage ;;
    *)
      usage >&2
      fail "there is no command '$command'"
      ;;
  esac
}

main "$@"
