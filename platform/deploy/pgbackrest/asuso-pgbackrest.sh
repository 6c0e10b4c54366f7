#!/usr/bin/env bash
# Physical copies of the database server by pgBackRest. Run as the server's user (postgres); steps are in README.md.
set -euo pipefail

STANZA=${ASUSO_STANZA:-asuso}

usage() {
  cat >&2 <<'TEXT'
asuso-pgbackrest.sh init                      хранилище копий и проверка архива журналов
asuso-pgbackrest.sh full | incr               полная копия · изменения с последней копии
asuso-pgbackrest.sh list                      что есть и до какого момента можно вернуться
asuso-pgbackrest.sh verify                    контрольные суммы всего хранилища
asuso-pgbackrest.sh beside КАТАЛОГ [МОМЕНТ]   развернуть рядом, не трогая работающий сервер
asuso-pgbackrest.sh restore МОМЕНТ            вернуть остановленный сервер к моменту
МОМЕНТ — с часовым поясом: «2026-11-22 14:05:00+03».
TEXT
  exit 2
}

pgbr() { pgbackrest --stanza="$STANZA" "$@"; }

moment() {
  # Without a zone the server's own would be taken, and one hour lost is one lesson lost.
  [[ $1 =~ [+-][0-9]{2}(:?[0-9]{2})?$ ]] || { echo "У момента «$1» нет часового пояса: добавьте +03." >&2; exit 2; }
  printf '%s' "$1"
}

case ${1:-} in
  init)
    pgbr stanza-create
    pgbr check
    echo "Хранилище готово, журналы доходят до него."
    ;;
  full | incr)
    pgbr --type="$1" backup
    ;;
  list)
    pgbr info
    ;;
  verify)
    pgbr verify --log-level-console=info
    ;;
  beside)
    [[ $# -ge 2 ]] || usage
    options=()
    if [[ $# -ge 3 ]]; then
      target=$(moment "$3")
      options=(--type=time --target="$target" --target-action=promote)
    fi
    # A copy that archived its own journals would spoil the archive of the living server.
    pgbr --pg1-path="$2" --archive-mode=off --no-delta "${options[@]}" restore
    echo "Развёрнуто в $2. Запустите на другом порту: pg_ctl -D $2 -o '-p 5499' start"
    ;;
  restore)
    [[ $# -eq 2 ]] || usage
    target=$(moment "$2")
    pgbr --delta --type=time --target="$target" --target-action=promote restore
    cat <<'TEXT'
Каталог сервера возвращён. Дальше:
  1. запустите сервер и дождитесь строки «archive recovery complete» в его журнале;
  2. asuso migrate; asuso registry verify; asuso audit verify;
  3. asuso-pgbackrest.sh full — новая точка отсчёта.
TEXT
    ;;
  *)
    usage
    ;;
esac
