#!/usr/bin/env bash
# The servers of the distribution that tests/ops talk to. Nothing is started: each test starts its own.
set -euo pipefail

PACKAGES=(redis-server pgbouncer rabbitmq-server pgbackrest postgresql systemd)
missing=()
for name in "${PACKAGES[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

refused() {
  echo "Не установились пакеты: ${missing[*]}. Нужны права администратора и apt-get." >&2
  exit 3
}
# Keeps Debian from starting what it installs, for this run only and without touching a policy that stands already.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy && -w ${policy%/*} ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null; } || refused
