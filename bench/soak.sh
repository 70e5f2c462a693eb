#!/usr/bin/env bash
# bench/soak.sh                        ten minutes of mixed load on one gateway process; prints memory, handles and threads as a Markdown
#                                      table, and fails if they grow in the second half. WEBSMS_SOAK_SECONDS sets another length.
# bench/soak.sh --hostile [--minutes 60] [--no-build]
#                                      a client that misuses everything at once, beside a well-behaved one; prints the memory, the restarts
#                                      and the ratio of p99. It fails on too much memory, a restart, or an answer that either of the two must
#                                      not get; from ten minutes on also if memory grows or p99 is more than five times that alone. Where
#                                      the system allows it, the gateway runs in a control group with the memory of the shipped manifest,
#                                      and all of it in a network namespace with small buffers, because plain loopback takes whole answers.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
machine() {
  echo "$(nproc) cores of $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(free -g | awk '/^Mem:/ { print $2 }') GB; load average before: $(cut -d' ' -f1 /proc/loadavg)"
}

# A control group of 512 MiB, as the shipped manifest has it: beyond that the system ends the gateway.
contain() {
  local root=/sys/fs/cgroup name="websms-soak-$$"
  if mkdir "$root/memory/$name" 2>/dev/null; then
    WEBSMS_SOAK_CGROUP="$root/memory/$name" most=memory.max_usage_in_bytes
    echo $((512 * 1024 * 1024)) > "$WEBSMS_SOAK_CGROUP/memory.limit_in_bytes"
  elif grep -qw memory $root/cgroup.subtree_control 2>/dev/null && mkdir "$root/$name" 2>/dev/null; then
    WEBSMS_SOAK_CGROUP="$root/$name" most=memory.peak
    echo 512M > "$WEBSMS_SOAK_CGROUP/memory.max"
  else
    echo "NOT DONE: a container. No control group of memory can be made here, so only the heap has the limit that it has in one."
    return
  fi
  export WEBSMS_SOAK_CGROUP
  trap 'rmdir "$WEBSMS_SOAK_CGROUP" || true' EXIT
}

hostile() { # minutes
  local program=bench/WebSmsGateway.Benchmarks/bin/Release/net10.0/WebSmsGateway.Benchmarks.dll result=0 most=
  machine
  contain
  # shellcheck disable=SC2016
  local small='ip link set lo mtu 1500 up && echo "4096 16384 65536" > /proc/sys/net/ipv4/tcp_wmem'
  if unshare -rn sh -c "$small" 2>/dev/null; then
    echo "network namespace: MTU 1500, tcp_wmem 4096 16384 65536"
    unshare -rn sh -c "$small"' && exec dotnet "$0" hostile --minutes "$1"' "$program" "$1" || result=$?
  else
    echo "NOT DONE: small buffers of the system. No network namespace is allowed here (unshare -rn), so plain loopback takes most unread answers."
    dotnet "$program" hostile --minutes "$1" || result=$?
  fi
  [ -z "$most" ] ||
    echo "control group: $(($(cat "$WEBSMS_SOAK_CGROUP/$most") / 1024 / 1024)) MB at most, with the files that the system keeps in memory for it"
  return $result
}

if [ "${1:-}" = --hostile ]; then
  minutes=60 build=1
  for ((i = 2; i <= $#; i++)); do
    case "${!i}" in
      --minutes) i=$((i + 1)); minutes=${!i:?soak.sh --hostile --minutes N} ;;
      --no-build) build=0 ;;
      *) echo "soak.sh --hostile [--minutes 60] [--no-build]" >&2; exit 2 ;;
    esac
  done
  [ $build = 0 ] || dotnet build bench/WebSmsGateway.Benchmarks -c Release -v quiet --nologo
  hostile "$minutes"
  exit
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
