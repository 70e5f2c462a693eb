#!/usr/bin/env bash
# bench/soak.sh                        ten minutes of mixed load on one gateway process; prints memory, handles and threads as a Markdown
#                                      table, and fails if they grow in the second half. WEBSMS_SOAK_SECONDS sets another length.
# bench/soak.sh --hostile [--minutes 60]
#                                      a client that misuses everything at once, beside a well-behaved one; prints the memory, the restarts
#                                      and the ratio of p99. Where the system allows it, in a network namespace with small buffers, because
#                                      plain loopback takes whole answers.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
machine() {
  echo "$(nproc) cores of $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(free -g | awk '/^Mem:/ { print $2 }') GB; load average before: $(cut -d' ' -f1 /proc/loadavg)"
}

hostile() { # minutes
  local program=bench/WebSmsGateway.Benchmarks/bin/Release/net10.0/WebSmsGateway.Benchmarks.dll
  dotnet build bench/WebSmsGateway.Benchmarks -c Release -v quiet --nologo
  machine
  # shellcheck disable=SC2016
  local small='ip link set lo mtu 1500 up && echo "4096 16384 65536" > /proc/sys/net/ipv4/tcp_wmem'
  if unshare -rn sh -c "$small" 2>/dev/null; then
    echo "network namespace: MTU 1500, tcp_wmem 4096 16384 65536"
    exec unshare -rn sh -c "$small"' && exec dotnet "$0" hostile --minutes "$1"' "$program" "$1"
  fi
  echo "plain loopback: no network namespace is allowed here"
  exec dotnet "$program" hostile --minutes "$1"
}

if [ "${1:-}" = --hostile ]; then
  [ "${2:---minutes}" = --minutes ] || { echo "soak.sh --hostile [--minutes 60]" >&2; exit 2; }
  hostile "${3:-60}"
fi

export WEBSMS_SOAK_SECONDS="${WEBSMS_SOAK_SECONDS:-600}"
WEBSMS_SOAK_REPORT=$(mktemp)
export WEBSMS_SOAK_REPORT
trap 'rm -f "$WEBSMS_SOAK_REPORT"' EXIT

dotnet build tests/WebSmsGateway.IntegrationTests -c Release -v quiet
machine
result=0
dotnet test tests/WebSmsGateway.IntegrationTests -c Release --no-build --nologo --filter "FullyQualifiedName~Faults.SoakTests" || result=$?
cat "$WEBSMS_SOAK_REPORT"
exit "$result"
