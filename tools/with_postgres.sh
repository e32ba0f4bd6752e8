#!/bin/sh
# Runs a command with GRAPHWRIGHT_TEST_POSTGRES_URL naming a PostgreSQL: the given one, or a throw-away.
set -eu

if [ -z "${GRAPHWRIGHT_TEST_POSTGRES_URL:-}" ]; then
    tools=$(cd "$(dirname "$0")" && pwd)
    folder=$(mktemp -u "${TMPDIR:-/tmp}/graphwright-postgres-XXXXXX")
    trap '"$tools/postgres.sh" stop "$folder" >/dev/null 2>&1' EXIT
    trap 'exit 130' INT TERM
    GRAPHWRIGHT_TEST_POSTGRES_URL=$("$tools/postgres.sh" start "$folder")
    export GRAPHWRIGHT_TEST_POSTGRES_URL
fi
"$@"
