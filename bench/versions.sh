#!/usr/bin/env bash
# Compares this version with an earlier one: cached pages, pages that no cache has, downloads, parsers and merges, in interleaved rounds of
# one run on this machine, and then streams and waits, by one program for both: a burst of messages to 2,000 streams, and the way of one
# message to 2,000 streams and waits.
# A ratio is speed now / speed before: above 1 this version is faster. Prints a Markdown table for docs/performance.md.
#   bench/versions.sh REVISION [ROUNDS=5] [SECONDS=3] [FEED_ROUNDS=2]
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n 2,6p "$0" | cut -c3- >&2; exit 2; }
revision=$(git rev-parse --short "$1") rounds=${2:-5} seconds=${3:-3} feed_rounds=${4:-2}

for tool in wrk curl; do
  command -v $tool >/dev/null || { echo "versions.sh needs $tool (Debian: apt-get install $tool)" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
cleanup() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; git worktree remove --force "$work/before" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
await() { for _ in $(seq 100); do curl -fsS -o /dev/null "${@:2}" "$1" 2>/dev/null && return; sleep 0.1; done; echo "$1 does not answer" >&2; exit 1; }

git worktree add --detach --quiet "$work/before" "$revision"
declare -A source=([before]="$work/before" [now]="$PWD") port=([before]=7111 [now]=7112)
for version in before now; do
  dotnet publish "${source[$version]}/src/WebSmsGateway" -c Release -o "$work/$version.gateway" --nologo -v q >&2
  dotnet build "${source[$version]}/bench/WebSmsGateway.Benchmarks" -c Release -o "$work/$version.bench" --nologo -v q >&2
done
dotnet build src/WebSmsGateway.Simulator -c Release -o "$work/simulator" --nologo -v q >&2

# A range of its own for each request: no page is in the page cache, and all of them come from the same day in memory.
cat > "$work/pages.lua" <<'LUA'
local count
init = function(args) count = args[1] * 200000 end
request = function()
  count = count + 1
  local from, to = count % 40000, math.floor(count / 40000) % 60
  return wrk.format(nil, string.format("%s&from=2024-03-11T%02d:%02d:%02d%%2B03:00&to=2024-03-11T23:59:%02d%%2B03:00",
    wrk.path, from / 3600, from / 60 % 60, from % 60, to))
end
LUA

# A closed month with 200 messages a day, so that both versions serve pages and downloads from memory.
key=bench-key hash=$(printf %s bench-key | sha256sum | cut -d' ' -f1)
page='/rented-numbers/79021234567/messages?from=2024-03-11&to=2024-03-11' month='/rented-numbers/79021234567/messages?from=2024-03-01&to=2024-03-31'
dotnet "$work/simulator/WebSmsGateway.Simulator.dll" --urls http://127.0.0.1:7110 >/dev/null & pids+=($!)
await http://127.0.0.1:7110/
for day in $(seq -w 1 31); do
  for i in $(seq 0 199); do
    printf '%s{"rentedNumber":"79021234567","sender":"Sberbank","text":"Ваш заказ собран. Ждём вас с 9 до 21 часа. %06d","receivedAt":"2024-03-%sT%02d:%02d:00+03:00"}' \
      "$([ "$i" = 0 ] || echo ,)" "$i" "$day" $((i * 7 / 60)) $((i * 7 % 60))
  done > "$work/messages"
  curl -fsS -X POST http://127.0.0.1:7110/simulator/messages -H 'Content-Type: application/json' -d "[$(cat "$work/messages")]" >/dev/null
done
for version in before now; do
  DOTNET_gcServer=0 Upstream__BaseAddress=http://127.0.0.1:7110/ Upstream__Username=demo Upstream__Password=demo Upstream__Scope=number \
    Authentication__ApiKeys__0__Name=bench Authentication__ApiKeys__0__Sha256=$hash Authentication__ApiKeys__0__Numbers='*' \
    Authentication__ApiKeys__0__RequestsPerMinute=1000000000 Logging__LogLevel__Default=Warning \
    dotnet "$work/$version.gateway/WebSmsGateway.dll" --urls "http://127.0.0.1:${port[$version]}" >"$work/$version.log" 2>&1 & pids+=($!)
  await "http://127.0.0.1:${port[$version]}$month" -H "X-Api-Key: $key"
  wrk -t1 -c64 -d3s -H "X-Api-Key: $key" "http://127.0.0.1:${port[$version]}$page&limit=10" >/dev/null
  wrk -t1 -c64 -d3s -s "$work/pages.lua" -H "X-Api-Key: $key" "http://127.0.0.1:${port[$version]}${page%%\?*}?limit=10" -- 0 >/dev/null
done

results=$work/results
record() { echo "$1	$2	$3" >> "$results"; } # version, what, speed
for round in $(seq "$rounds"); do
  echo "Round $round of $rounds" >&2
  for version in before now; do
    url=http://127.0.0.1:${port[$version]}
    for limit in 10 100; do
      record $version "cached page of $limit" "$(wrk -t1 -c64 -d"${seconds}s" -H "X-Api-Key: $key" "$url$page&limit=$limit" | awk '/Requests\/sec/ { print $2 }')"
      record $version "page of $limit from a warm day" "$(wrk -t1 -c64 -d"${seconds}s" -s "$work/pages.lua" -H "X-Api-Key: $key" "$url${page%%\?*}?limit=$limit" -- "$round" | awk '/Requests\/sec/ { print $2 }')"
    done
    for type in text/csv application/x-ndjson; do
      begun=$(date +%s%N)
      for _ in $(seq 20); do curl -fsS -o /dev/null -H "X-Api-Key: $key" -H "Accept: $type" "$url$month"; done
      record $version "download of 6,200 messages, $type" "$(awk "BEGIN { print 20e9 / ($(date +%s%N) - $begun) }")"
    done
    mkdir -p "$work/$version.run" && (cd "$work/$version.run" && rm -rf BenchmarkDotNet.Artifacts && dotnet "$work/$version.bench/WebSmsGateway.Benchmarks.dll" \
      micro --filter '*WireBenchmarks.Json' '*WireBenchmarks.Xml' '*WireBenchmarks.Txt' '*RecordBenchmarks.Refresh' >/dev/null)
    for table in "$work/$version.run"/BenchmarkDotNet.Artifacts/results/*.md; do
      awk -F'|' -v version=$version '
        $2 ~ /Method/ { for (i = 2; i < NF; i++) { gsub(/[ *]/, "", $i); column[$i] = i } next }
        $2 ~ /[a-z]/ && column["Mean"] {
          name = $2; mean = $(column["Mean"]); gsub(/[ *]/, "", name); gsub(/[*,]/, "", mean); split(mean, part, " ")
          unit = part[2] == "ns" ? 1 : part[2] == "ms" ? 1e6 : part[2] == "s" ? 1e9 : 1e3
          messages = column["Messages"] ? $(column["Messages"]) : ""; gsub(/[ *]/, "", messages)
          printf "%s\t%s\t%f\n", version, (name ~ /Refresh/ ? "merge of a message into a day of " messages : "parser of " toupper(name)), 1e9 / (part[1] * unit) }' "$table" >> "$results"
    done
  done
done

# The gateways and the simulator of the pages would take memory and processor time.
kill "${pids[@]}" 2>/dev/null; wait "${pids[@]}" 2>/dev/null || true
pids=()
for round in $(seq "$feed_rounds"); do
  echo "Streams and waits, round $round of $feed_rounds" >&2
  for version in before now; do
    dotnet "$work/now.bench/WebSmsGateway.Benchmarks.dll" feed "$work/$version.gateway/WebSmsGateway.dll" | awk -F'|' -v version=$version '
      { for (i = 2; i < NF; i++) gsub(/ /, "", $i) }
      $2 == 2000 && $3 == 0 { readers = "2,000 streams" } $2 == 0 && $3 == 2000 { readers = "2,000 waits" } $2 == 2000 && $3 == 2000 { readers = "2,000 streams and 2,000 waits" }
      $2 == 2000 && $3 == 0 { printf "%s\tburst of 50 messages to %s, deliveries\t%f\n", version, readers, 2000 * 50 * 1000 / $9 }
      $2 + $3 >= 2000 { printf "%s\t1 message to %s, deliveries from the first to the last\t%f\n", version, readers, ($2 + $3) * 1000 / $7
                        printf "%s\t1 message to %s, deliveries in a second of processor time\t%f\n", version, readers, 1e6 / $10
                        printf "%s\t1 message to %s, 1 / median time from arrival\t%f\n", version, readers, 1000 / $5 }' >> "$results"
  done
done

echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo); this version against $revision; medians of $rounds interleaved rounds"
echo
echo "| what | before, per second | now, per second | now / before |"
echo "|---|---:|---:|---:|"
median() { awk -F'\t' -v version="$1" -v what="$2" '$1 == version && $2 == what { print $3 }' "$results" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
cut -f2 "$results" | awk '!seen[$0]++' | while read -r what; do
  before=$(median before "$what") now=$(median now "$what")
  printf '| %s | %.1f | %.1f | %.2f |\n' "$what" "$before" "$now" "$(awk "BEGIN { print $now / $before }")"
done
