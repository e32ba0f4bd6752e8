#!/bin/sh
# Installs Graphwright from this checkout into .venv: `tools/install.sh runtime` what the demo needs,
# `tools/install.sh dev` what tests and checks need too. Does nothing where nothing changed.
set -eu
cd "$(dirname "$0")/.."

kind=${1:?"usage: tools/install.sh runtime|dev"}
case $kind in
    runtime) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: tools/install.sh runtime|dev" >&2; exit 2 ;;
esac

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed and was not found; name one with PYTHON=/path/to/python3." >&2
    return 1
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Creating .venv with $("$python" --version)"
    if ! "$python" -m venv --clear .venv; then
        echo "That Python cannot create virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2
        rm -rf .venv
        exit 1
    fi
fi

# The stamp names what was installed, by content: a checkout of another branch is noticed, a touch is not.
wanted=$(cat "$lock" pyproject.toml hatch_build.py | .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
stamp=.venv/installed-$kind
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installing the packages of $lock"
    rm -f "$stamp"
    .venv/bin/python -m pip install --disable-pip-version-check --quiet --progress-bar on \
        --require-hashes --requirement "$lock"
fi

.venv/bin/python hatch_build.py

if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installing Graphwright"
    .venv/bin/python -m pip install --disable-pip-version-check --quiet \
        --no-deps --no-build-isolation --no-index --editable .
    echo "$wanted" > "$stamp"
fi
