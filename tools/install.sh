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

# pip is quiet or floods the screen: its lines are counted instead.
install_lock() {
    failed=.venv/install-failed
    rm -f "$failed"
    screen=
    if [ -t 1 ]; then screen=1; fi
    {
        .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off \
            --require-hashes --requirement "$lock" || touch "$failed"
    } | awk -v total="$(grep -c '^[a-z0-9].*==' "$lock")" -v lock="$lock" -v screen="$screen" '
        function show(text, last) {
            if (screen) printf "\r%-70s%s", text, last ? "\n" : ""
            else if (last || n % 20 == 0) print text
            fflush()
        }
        /^(Collecting|Ignoring|Requirement already)/ { n++; show("Fetching the packages of " lock ": " n " of " total) }
        /^Installing collected/ { show("Installing the packages of " lock, 1) }'
    if [ -e "$failed" ]; then
        echo "pip could not install the packages of $lock; what it said stands above." >&2
        exit 1
    fi
}

# The stamp names what was installed, by content: a checkout of another branch is noticed, a touch is not.
wanted=$(cat "$lock" pyproject.toml hatch_build.py | .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
stamp=.venv/installed-$kind
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    rm -f "$stamp"
    install_lock
fi

.venv/bin/python hatch_build.py

if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installing Graphwright"
    .venv/bin/python -m pip install --disable-pip-version-check --quiet \
        --no-deps --no-build-isolation --no-index --editable .
    echo "$wanted" > "$stamp"
fi
