#!/usr/bin/env bash
# Compares a cached page of the published gateway (key check, rate limit and validation on) with bare Kestrel that sends the same
# bytes, ASP.NET Core output caching, nginx proxy_cache and Varnish, in interleaved rounds on the loopback of this machine. These
# servers have no callers. "nginx-key" is nginx with a key, a limit and the gateway's headers, so it does most of the same work.
# Prints a Markdown table for docs/performance.md.
#   bench/compare.sh [ROUNDS=5] [SECONDS=4] [CONNECTIONS=64]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} seconds=${2:-4} connections=${3:-64}

for tool in wrk nginx varnishd curl; do
  command -v $tool >/dev/null || { echo "compare.sh needs $tool (Debian: apt-get install wrk nginx-light varnish curl)" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
cleanup() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

say() { echo "$*" >&2; }
await() { for _ in $(seq 100); do curl -fsS -o /dev/null "${@:2}" "$1" 2>/dev/null && return; sleep 0.1; done; say "$1 does not answer"; exit 1; }

say "Publishing"
dotnet publish src/WebSmsGateway -c Release -o "$work/gateway" --nologo -v q >&2
dotnet build src/WebSmsGateway.Simulator -c Release -o "$work/simulator" --nologo -v q >&2
dotnet build bench/WebSmsGateway.Benchmarks -c Release -o "$work/bench" --nologo -v q >&2

key=bench-key
hash=$(printf %s $key | sha256sum | cut -d' ' -f1)
path=/rented-numbers/79021234567/messages?from=2024-03-11\&to=2024-03-11

dotnet "$work/simulator/WebSmsGateway.Simulator.dll" --urls http://127.0.0.1:7100 >/dev/null & pids+=($!)
await http://127.0.0.1:7100/
for minute in $(seq 10 59; seq 10 59); do
  printf '%s{"rentedNumber":"79021234567","sender":"Sberbank","text":"Ваш код %d. Никому его не сообщайте.","receivedAt":"2024-03-11T12:%s:00+03:00"}' \
    "${comma:-}" "$RANDOM" "$minute"; comma=,
done > "$work/messages"
curl -fsS -X POST http://127.0.0.1:7100/simulator/messages -H 'Content-Type: application/json' -d "[$(cat "$work/messages")]" >/dev/null

export DOTNET_gcServer=0
Upstream__BaseAddress=http://127.0.0.1:7100/ Upstream__Username=demo Upstream__Password=demo \
  Authentication__ApiKeys__0__Name=bench Authentication__ApiKeys__0__Sha256=$hash Authentication__ApiKeys__0__Numbers='*' \
  Authentication__ApiKeys__0__RequestsPerMinute=1000000000 Logging__LogLevel__Default=Warning \
  dotnet "$work/gateway/WebSmsGateway.dll" --urls http://127.0.0.1:7101 >"$work/gateway.log" 2>&1 & pids+=($!); gateway=$!
await "http://127.0.0.1:7101$path" -H "X-Api-Key: $key"

declare -A url pid
results=$work/results
measure() { # name, round, limit: one line of results
  local name=$1 process=${pid[$1]} before after out
  before=$(ticks "$process")
  out=$(wrk -t1 -c"$connections" -d"${seconds}s" --latency -H "X-Api-Key: $key" "${url[$name]}$path&limit=$3" 2>&1)
  after=$(ticks "$process")
  grep -q 'Non-2xx' <<<"$out" && { say "$name answers with errors: $out"; exit 1; }
  awk -v name="$name" -v limit="$3" -v ticks=$((after - before)) -v memory="$(memory "$process")" '
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    /50%/ { p50 = ms($2) } /99%/ { p99 = ms($2) } /requests in/ { requests = $1 } /Requests\/sec/ { rate = $2 }
    END { print name, limit, rate, p50, p99, ticks * 10000 / requests, memory }' <<<"$out" >> "$results"
}
family() { echo "$1"; local child; for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do family "$child"; done; }
ticks() { local sum=0 p; for p in $(family "$1"); do sum=$((sum + $(awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$p/stat"))); done; echo $sum; }
memory() { local sum=0 p; for p in $(family "$1"); do sum=$((sum + $(awk '/VmRSS/ { print $2 }' "/proc/$p/status"))); done; echo $((sum / 1024)); }

for limit in 10 100; do
  curl -fsS -H "X-Api-Key: $key" "http://127.0.0.1:7101$path&limit=$limit" -o "$work/page$limit"
  say "Page of $limit: $(wc -c < "$work/page$limit") bytes"
  peers=()
  dotnet "$work/bench/WebSmsGateway.Benchmarks.dll" peer http://127.0.0.1:7102 "$work/page$limit" >/dev/null & peers+=($!); bare=$!
  dotnet "$work/bench/WebSmsGateway.Benchmarks.dll" peer-output-cache http://127.0.0.1:7103 "$work/page$limit" >/dev/null & peers+=($!); output=$!
  mkdir -p "$work/nginx/cache"
  cat > "$work/nginx.conf" <<CONF
$([ "$(id -u)" = 0 ] && echo "user root;") worker_processes auto; daemon off; pid $work/nginx/pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; proxy_temp_path $work/nginx; client_body_temp_path $work/nginx;
  proxy_cache_path $work/nginx/cache keys_zone=pages:10m;
  server { listen 127.0.0.1:7104; location / { proxy_pass http://127.0.0.1:7102; proxy_cache pages; proxy_cache_valid 200 1h; } }

  map \$http_x_api_key \$known { default 0; "$key" 1; }
  limit_req_zone \$http_x_api_key zone=callers:1m rate=1000000r/s;
  server { listen 127.0.0.1:7106; location / {
    if (\$known = 0) { return 401; }
    limit_req zone=callers burst=1000000 nodelay;
    add_header X-Content-Type-Options nosniff; add_header X-Frame-Options DENY; add_header Referrer-Policy no-referrer;
    add_header Content-Security-Policy "frame-ancestors 'none'"; add_header RateLimit '"default";r=999999;t=1';
    add_header RateLimit-Policy '"default";q=1000000;w=60'; add_header Cache-Control "private, max-age=2591999";
    add_header Vary "Accept, Authorization, X-Api-Key"; add_header ETag 'W/"0123456789abcdef"';
    add_header Cache-Status "WebSmsGateway; hit; ttl=2591999";
    proxy_pass http://127.0.0.1:7102; proxy_cache pages; proxy_cache_valid 200 1h; } }
}
CONF
  nginx -c "$work/nginx.conf" -e stderr 2>/dev/null & peers+=($!); nginx=$!
  varnishd -F -a 127.0.0.1:7105 -b 127.0.0.1:7102 -s malloc,64m -t 3600 -n "$work/varnish$limit" >/dev/null 2>&1 & peers+=($!); varnish=$!
  pids+=("${peers[@]}")
  url=([gateway]=http://127.0.0.1:7101 [kestrel]=http://127.0.0.1:7102 [output-cache]=http://127.0.0.1:7103 [nginx]=http://127.0.0.1:7104 [varnish]=http://127.0.0.1:7105 [nginx-key]=http://127.0.0.1:7106)
  pid=([gateway]=$gateway [kestrel]=$bare [output-cache]=$output [nginx]=$nginx [varnish]=$varnish [nginx-key]=$nginx)
  names=(kestrel gateway output-cache nginx nginx-key varnish)
  for name in "${names[@]}"; do
    await "${url[$name]}$path&limit=$limit" -H "X-Api-Key: $key"
    wrk -t1 -c"$connections" -d2s -H "X-Api-Key: $key" "${url[$name]}$path&limit=$limit" >/dev/null
  done
  for round in $(seq "$rounds"); do
    say "Page of $limit, round $round of $rounds"
    for name in "${names[@]}"; do measure "$name" "$round" "$limit"; done
  done
  kill "${peers[@]}" 2>/dev/null; wait "${peers[@]}" 2>/dev/null || true
done

echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo); wrk -t1 -c$connections on the same machine; $rounds rounds of $seconds s, medians"
for limit in 10 100; do
  echo
  echo "| page of $limit | requests/s | ratio to bare Kestrel | p50 ms | p99 ms | CPU µs/request | memory MB |"
  echo "|---|---:|---:|---:|---:|---:|---:|"
  median() { awk -v name="$1" -v limit="$limit" -v column="$2" '$1 == name && $2 == limit { print $column }' "$results" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
  base=$(median kestrel 3)
  for name in "${names[@]}"; do
    rate=$(median $name 3)
    printf '| %s | %.0f | %.2f | %.2f | %.2f | %.1f | %.0f |\n' $name "$rate" "$(awk "BEGIN { print $rate / $base }")" "$(median $name 4)" "$(median $name 5)" "$(median $name 6)" "$(median $name 7)"
  done
done
