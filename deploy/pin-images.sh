#!/usr/bin/env bash
# Pins the images in Dockerfile and compose.yaml, or in the files given, by digest: redis:7.2-alpine becomes redis:7.2-alpine@sha256:…
# It asks the registry of each image, so it runs where a registry can be reached. Run it again to take the newest digests.
set -euo pipefail

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  root=$(dirname "$0")/..
  files=("$root/Dockerfile" "$root/compose.yaml")
fi

accept='application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json'

# Prints the digest of image:tag.
digest_of() {
  local image=$1 name tag host path scheme=https url head challenge
  tag=${image##*:}
  name=${image%:*}
  host=${name%%/*}
  if [[ $name == */* && ($host == *.* || $host == *:*) ]]; then
    path=${name#*/}
  else
    host=registry-1.docker.io
    path=$name
    [[ $path == */* ]] || path=library/$path
  fi
  [[ $host != 127.0.0.1:* ]] || scheme=http
  url=$scheme://$host/v2/$path/manifests/$tag
  head=$(curl -sS -I -m 30 -H "Accept: $accept" "$url")
  if grep -q '^HTTP/[0-9.]* 401' <<< "$head"; then
    # Anonymous users get a token from where the registry says.
    challenge=$(grep -i '^www-authenticate: bearer ' <<< "$head" | tr -d '\r')
    realm=$(sed -n 's/.*realm="\([^"]*\)".*/\1/p' <<< "$challenge")
    service=$(sed -n 's/.*service="\([^"]*\)".*/\1/p' <<< "$challenge")
    token=$(curl -sS -f -m 30 "$realm?service=$service&scope=repository:$path:pull" | sed -n 's/.*"\(access_\)\{0,1\}token" *: *"\([^"]*\)".*/\2/p' | head -n 1)
    head=$(printf 'header = "Authorization: Bearer %s"\n' "$token" | curl -sS -I -m 30 -K - -H "Accept: $accept" "$url")
  fi
  sed -n 's/^docker-content-digest: *\(sha256:[0-9a-f]\{64\}\).*/\1/ip' <<< "$head" | head -n 1
}

failed=0
for file in "${files[@]}"; do
  images=$(sed -n -E 's/^FROM +([^ @]+:[^ @]+)(@[^ ]+)?( .*)?$/\1/p; s/^ *image: +([^ @]+:[^ @]+)(@[^ ]+)? *$/\1/p' "$file" | sort -u)
  for image in $images; do
    digest=$(digest_of "$image") || digest=
    if [ -z "$digest" ]; then
      echo "$file: no digest of $image: its registry cannot be reached, or does not know it" >&2
      failed=1
      continue
    fi
    sed -i -E "s#^((FROM| *image:) +)${image//./\\.}(@sha256:[0-9a-f]+)?( .*)?\$#\1$image@$digest\4#" "$file"
    echo "$file: $image@$digest"
  done
done
exit $failed
