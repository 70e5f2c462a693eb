#!/usr/bin/env bash
# Makes the secrets of compose.yaml, each a file in the directory `secrets` beside this script, or in the directory given.
# The WEBSMS account comes from WEBSMS_USERNAME and WEBSMS_PASSWORD, else it is asked for. Files that exist stay as they are.
set -euo pipefail

directory=${1:-$(dirname "$0")/secrets}
mkdir -p "$directory"
chmod 700 "$directory"

# Only the owner can enter the directory. In its container each file has to be readable by the user of the process.
keep() {
  if [ ! -e "$directory/$1" ]; then
    cat > "$directory/$1"
    chmod 444 "$directory/$1"
    echo "made  $directory/$1"
  else
    cat > /dev/null
    echo "kept  $directory/$1"
  fi
}

ask() {
  if [ -e "$directory/$1" ]; then
    echo "kept  $directory/$1"
    return
  fi
  local value=$3
  if [ -z "$value" ]; then
    read -r -s -p "$2: " value
    echo
  fi
  printf '%s' "$value" | keep "$1"
}

random() { head -c 32 /dev/urandom | base64 -w 0; }

ask Upstream__Username "WEBSMS login" "${WEBSMS_USERNAME:-}"
ask Upstream__Password "WEBSMS password" "${WEBSMS_PASSWORD:-}"
random | keep Messages__IdKey
random | keep Cache__EncryptionKeys__0

# The password of Redis stands in two files, which belong together.
if [ ! -e "$directory/Cache__Redis" ] || [ ! -e "$directory/redis.conf" ]; then
  rm -f "$directory/Cache__Redis" "$directory/redis.conf"
  password=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
  printf 'redis:6379,password=%s,abortConnect=false' "$password" | keep Cache__Redis
  keep redis.conf <<EOF
requirepass $password
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
EOF
else
  echo "kept  $directory/Cache__Redis and $directory/redis.conf"
fi
