#!/usr/bin/env bash
# Finds node and npm or installs the distribution's; says in one line what is missing if it cannot.
set -u
command -v node >/dev/null && command -v npm >/dev/null && exit 0
if command -v apt-get >/dev/null; then
  run=""
  [ "$(id -u)" = 0 ] || run="sudo -n"
  $run apt-get update -qq >/dev/null && $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm >/dev/null && exit 0
fi
echo "Не найдены node и npm, и установить их не удалось: установите пакеты nodejs и npm." >&2
exit 1
