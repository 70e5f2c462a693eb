#!/usr/bin/env bash
# The one entry for people and for CI: restore, build, format check, all tests, one pass of every benchmark, a minute of a hostile client.
# Ends with one line of totals: N passed, N failed, N skipped.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
configuration=Release
results=artifacts/test-results

say() { printf '\n== %s\n' "$*"; }

# What the tests need besides the SDK: a real Redis, a real browser, a real proxy. On Debian they are installed where that is allowed.
require() { # command, Debian package
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing $2"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null && return
  fi
  echo "build.sh needs $1: install it (Debian: sudo apt-get install $2) and start again." >&2
  exit 1
}

# The linters of the OpenAPI document and the sources of the inbox need Node. Everything else goes on without it: what is built of the
# inbox is committed.
has_node() { command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
unlinted=
offer_node() {
  has_node && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing nodejs and npm"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; } || true
  fi
  has_node || unlinted="NOT CHECKED: openapi/websms-gateway.json and src/WebSmsGateway.Inbox. They need Node 20 or later with npm: https://nodejs.org"
}

command -v dotnet >/dev/null || { echo "build.sh needs the .NET 10 SDK: https://dot.net" >&2; exit 1; }
require redis-server redis-server
require chromium chromium
PATH="$PATH:/usr/sbin" require nginx nginx-light
offer_node

say "Restore"
dotnet restore WebSmsGateway.sln

say "Build"
dotnet build WebSmsGateway.sln -c "$configuration" --no-restore

# The build has reported what is wrong in style and naming. White space, ends of lines, encodings and the order of usings are left.
say "Format"
dotnet format whitespace WebSmsGateway.sln --verify-no-changes --no-restore
dotnet format style WebSmsGateway.sln --diagnostics IDE0055 --verify-no-changes --no-restore

say "OpenAPI document"
if [ -z "$unlinted" ]; then
  npm ci --prefix eng/openapi --loglevel=error
  REDOCLY_SUPPRESS_UPDATE_NOTICE=true npm run --silent --prefix eng/openapi lint
else
  echo "$unlinted"
fi

say "Inbox"
if [ -z "$unlinted" ]; then
  npm ci --prefix src/WebSmsGateway.Inbox --loglevel=error
  for step in lint format:check test verify; do npm run --silent --prefix src/WebSmsGateway.Inbox "$step"; done
else
  echo "$unlinted"
fi

say "Tests"
run_project() { # priority, project, results folder, filter
  nice -n "$1" dotnet test "$2" -c "$configuration" --no-build --nologo --filter "$4" \
    --results-directory "$3" --logger "trx;LogFilePrefix=$(basename "$2" .csproj)" --blame-hang-timeout 5m || true
}
run_tests() { # results folder, filter
  # The simulation and the unit tests wait for nothing real. They run beside the integration tests and take the processor time that these leave.
  mkdir -p "$1"
  local waiting=tests/WebSmsGateway.IntegrationTests/WebSmsGateway.IntegrationTests.csproj
  for project in tests/*/*.csproj; do
    [ "$project" = "$waiting" ] || run_project 10 "$project" "$1" "$2"
  done >"$1/beside.log" 2>&1 &
  run_project 0 "$waiting" "$1" "$2"
  wait
  cat "$1/beside.log"
}
# The totals are read from the results, not from the console: what ran is what counts.
count() { cat "$1"/*.trx | grep -o "<Counters [^>]*" | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' | awk "{ sum += \$1 } END { print sum + 0 }"; }
failures() { grep -ho '<UnitTestResult [^>]*outcome="Failed"' "$1"/*.trx | grep -o ' testName="[^"(]*' | cut -d'"' -f2 | sort -u || true; }

rm -rf "$results"
run_tests "$results/first" "FullyQualifiedName~."
total=$(count "$results/first" total) executed=$(count "$results/first" executed)
failed=$((executed - $(count "$results/first" passed)))

# Many tests here wait for real processes, sockets and clocks. A few that a busy machine made fail get a second run, alone, and are
# named; whatever fails again has failed.
if [ "$failed" -gt 0 ] && [ "$failed" -le 10 ]; then
  say "Once more, alone"
  failures "$results/first"
  run_tests "$results/second" "$(failures "$results/first" | sed 's/^/FullyQualifiedName~/' | paste -sd'|')"
  failed=$(($(count "$results/second" executed) - $(count "$results/second" passed)))
fi

say "Benchmarks, one pass each"
dotnet run --project bench/WebSmsGateway.Benchmarks -c "$configuration" --no-build -- --once

# It asserts memory and statuses, and prints the ratio of p99, which a busy machine cannot assert.
say "A hostile client beside a well-behaved one"
hostile=0
bench/soak.sh --hostile --minutes 1 --no-build || hostile=1

echo
[ "$hostile" = 0 ] || echo "FAILED: bench/soak.sh --hostile --minutes 1"
[ -z "$unlinted" ] || echo "$unlinted"
echo "$((executed - failed)) passed, $failed failed, $((total - executed)) skipped"
[ "$failed" = 0 ] && [ "$hostile" = 0 ] && [ "$executed" -gt 0 ]
