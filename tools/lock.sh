#!/bin/sh
# Writes requirements.lock and requirements-dev.lock from pyproject.toml: every platform, every hash,
# and no address. The index is the one pip is configured for; it is read here and never written.
# `tools/lock.sh --upgrade` takes the newest versions; other arguments go to uv as well.
set -eu
cd "$(dirname "$0")/.."

index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
if [ -n "$index" ]; then
    UV_DEFAULT_INDEX=$index
    export UV_DEFAULT_INDEX
fi

compile() {
    echo "Writing $1"
    .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra saml \
        --output-file "$@"
}

compile requirements.lock --group build "$@"
compile requirements-dev.lock --group build --group dev --constraint requirements.lock "$@"
