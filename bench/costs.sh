#!/usr/bin/env bash
# Compares what this version and an earlier one cost: bytes of a refresh in Redis, calls to WEBSMS, and how pages grow with the numbers.
# Prints Markdown tables for docs/performance.md.
#   bench/costs.sh REVISION [MESSAGES=100000] [SECONDS=20]
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n 2,4p "$0" | cut -c3- >&2; exit 2; }
revision=$(git rev-parse --short "$1") messages=${2:-100000} seconds=${3:-20}

for tool in redis-server redis-cli curl; do
  command -v $tool >/dev/null || { echo "costs.sh needs $tool (Debian: apt-get install redis-server curl)" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
cleanup() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; git worktree remove --force "$work/before" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
await() { for _ in $(seq 300); do curl -fsS -o /dev/null "${@:2}" "$1" 2>/dev/null && return; sleep 0.2; done; echo "$1 does not answer" >&2; exit 1; }

git worktree add --detach --quiet "$work/before" "$revision"
declare -A source=([before]="$work/before" [now]="$PWD") port=([before]=7211 [now]=7212) redis=([before]=7221 [now]=7222)
for version in before now; do
  dotnet publish "${source[$version]}/src/WebSmsGateway" -c Release -o "$work/$version.gateway" --nologo -v q >&2
  dotnet build "${source[$version]}/bench/WebSmsGateway.Benchmarks" -c Release -o "$work/$version.bench" --nologo -v q >&2
done
dotnet build src/WebSmsGateway.Simulator -c Release -o "$work/simulator" --nologo -v q >&2

# An open day with many messages, all of them earlier than now.
simulator=http://127.0.0.1:7210
dotnet "$work/simulator/WebSmsGateway.Simulator.dll" --urls $simulator >/dev/null & pids+=($!)
await $simulator/
today=$(TZ=Europe/Moscow date +%F) elapsed=$(($(TZ=Europe/Moscow date +%s) - $(TZ=Europe/Moscow date -d 00:00 +%s) - 300))
for ((first = 0; first < messages; first += 5000)); do
  awk -v first=$first -v messages="$messages" -v elapsed=$elapsed -v today="$today" 'BEGIN {
    printf "["
    for (i = first; i < first + 5000 && i < messages; i++) {
      second = int(i * elapsed / messages)
      printf "%s{\"rentedNumber\":\"79021234567\",\"sender\":\"Sberbank\",\"text\":\"Ваш код %06d. Никому его не сообщайте.\",\"receivedAt\":\"%sT%02d:%02d:%02d+03:00\"}",
        i == first ? "" : ",", i, today, second / 3600, second / 60 % 60, second % 60
    }
    print "]" }' > "$work/messages"
  curl -fsS -o /dev/null -X POST $simulator/simulator/messages -H 'Content-Type: application/json' --data-binary @"$work/messages"
done

key=bench-key hash=$(printf %s bench-key | sha256sum | cut -d' ' -f1)
page="/rented-numbers/79021234567/messages?from=$today&limit=10"
traffic() { redis-cli -p "$1" info stats | tr -d '\r' | awk -F: '/^total_net_input_bytes|^total_net_output_bytes/ { sum += $2 } END { print sum }'; }
asked() { curl -fsS "$simulator/simulator/requests" | grep -o '"outcome"' | wc -l; }

echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo); this version against $revision"
echo
echo "| refreshes of a day of $messages messages, nothing new | largest value in Redis, kB | kB to and from Redis, each | calls to WEBSMS, each |"
echo "|---|---:|---:|---:|"
for version in before now; do
  mkdir -p "$work/$version.redis"
  redis-server --port ${redis[$version]} --save '' --appendonly no --dir "$work/$version.redis" >/dev/null & pids+=($!)
  Upstream__BaseAddress=$simulator/ Upstream__Username=demo Upstream__Password=demo Upstream__Scope=account Cache__Freshness=00:00:01 \
    Cache__Redis=127.0.0.1:${redis[$version]} Authentication__ApiKeys__0__Name=bench Authentication__ApiKeys__0__Sha256=$hash Authentication__ApiKeys__0__Numbers='*' \
    Logging__LogLevel__Default=Warning dotnet "$work/$version.gateway/WebSmsGateway.dll" --urls "http://127.0.0.1:${port[$version]}" >"$work/$version.log" 2>&1 & pids+=($!)
  url=http://127.0.0.1:${port[$version]}$page
  await "$url" -H "X-Api-Key: $key"
  sleep 3
  read -r bytes calls < <(echo "$(traffic ${redis[$version]}) $(asked)")
  for _ in $(seq "$seconds"); do curl -fsS -o /dev/null -H "X-Api-Key: $key" "$url"; sleep 1.1; done
  bytes=$(($(traffic ${redis[$version]}) - bytes)) calls=$(($(asked) - calls))
  largest=$(redis-cli -p ${redis[$version]} --scan | while read -r name; do redis-cli -p ${redis[$version]} memory usage "$name"; done | sort -n | tail -1)
  awk -v version=$version -v largest="${largest:-0}" -v bytes=$bytes -v calls=$calls -v times="$seconds" \
    'BEGIN { printf "| %s | %.1f | %.1f | %.2f |\n", version, largest / 1024, bytes / 1024 / times, calls / times }'
done

for version in before now; do
  printf '\n**%s**\n' "$version"
  (cd "$work" && dotnet "$work/$version.bench/WebSmsGateway.Benchmarks.dll" trace)
  (cd "$work" && dotnet "$work/$version.bench/WebSmsGateway.Benchmarks.dll" growth known 2>/dev/null || true)
done
