#!/usr/bin/env bash
# Runs ten minutes of mixed load on one gateway process, and prints memory, handles and threads as a Markdown table.
# Fails if they grow in the second half. WEBSMS_SOAK_SECONDS sets another length.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export WEBSMS_SOAK_SECONDS="${WEBSMS_SOAK_SECONDS:-600}"
WEBSMS_SOAK_REPORT=$(mktemp)
export WEBSMS_SOAK_REPORT
trap 'rm -f "$WEBSMS_SOAK_REPORT"' EXIT

dotnet build tests/WebSmsGateway.IntegrationTests -c Release -v quiet
echo "$(nproc) cores of $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(free -g | awk '/^Mem:/ { print $2 }') GB; load average before: $(cut -d' ' -f1 /proc/loadavg)"
result=0
dotnet test tests/WebSmsGateway.IntegrationTests -c Release --no-build --nologo --filter "FullyQualifiedName~Faults.SoakTests" || result=$?
cat "$WEBSMS_SOAK_REPORT"
exit "$result"
