#!/usr/bin/env bash
# Finds Chromium or installs the distribution's; says in one line what is missing if it cannot.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null; then
  run=""
  [ "$(id -u)" = 0 ] || run="sudo -n"
  $run apt-get update -qq >/dev/null && $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "Не найден Chromium, и установить его не удалось: установите пакет chromium." >&2
exit 1
