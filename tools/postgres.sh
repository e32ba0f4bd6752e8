#!/bin/sh
# A throw-away PostgreSQL for tests, on loopback, in a temporary folder, without a password.
#   tools/postgres.sh start [FOLDER]   starts it where it is not running; prints its URL
#   tools/postgres.sh stop [FOLDER]    stops it and removes the folder
#   tools/postgres.sh url [FOLDER]     prints the URL of the running one
# FOLDER defaults to one per checkout under the system's temporary folder.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
action=${1:-}
folder=${2:-${TMPDIR:-/tmp}/graphwright-postgres-$(printf %s "$root" | cksum | cut -d' ' -f1)}

find_programs() {
    if command -v pg_ctl >/dev/null 2>&1; then
        dirname "$(command -v pg_ctl)"
        return
    fi
    for programs in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        if [ -x "$programs/pg_ctl" ]; then
            echo "$programs"
            return
        fi
    done
    echo "PostgreSQL was not found; on Debian and Ubuntu: apt-get install postgresql" >&2
    return 1
}

# PostgreSQL refuses to run as root: then it runs as the user its package made.
as_user() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups env HOME="$folder" "$@")
    else
        "$@"
    fi
}

is_running() {
    [ -f "$folder/data/postmaster.pid" ] && as_user "$programs/pg_ctl" -D "$folder/data" status >/dev/null 2>&1
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

print_url() {
    echo "postgresql://postgres@127.0.0.1:$(sed -n 4p "$folder/data/postmaster.pid" | tr -d ' ')/postgres"
}

# Only a folder that this script made is removed.
remove() {
    if [ -f "$folder/initdb.log" ]; then
        rm -rf "$folder"
    elif [ -e "$folder" ]; then
        echo "$folder exists and holds something else; it is left alone." >&2
        return 1
    fi
}

start() {
    if is_running; then
        return
    fi
    remove
    mkdir -m 700 "$folder"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$folder"
    fi
    as_user "$programs/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
        --encoding=UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 || {
        cat "$folder/initdb.log" >&2
        return 1
    }
    # Test data need not survive a power cut: without fsync the suite takes half the time.
    as_user "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 \
        -o "-p $(free_port) -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c max_connections=200" \
        start >"$folder/pg_ctl.log" 2>&1 || {
        cat "$folder/pg_ctl.log" "$folder/server.log" >&2
        return 1
    }
}

programs=$(find_programs)
case $action in
    start)
        start
        print_url
        ;;
    stop)
        if is_running; then
            as_user "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
        fi
        remove
        ;;
    url)
        is_running || { echo "It is not running: tools/postgres.sh start" >&2; exit 1; }
        print_url
        ;;
    *)
        echo "usage: tools/postgres.sh start|stop|url [FOLDER]" >&2
        exit 2
        ;;
esac
