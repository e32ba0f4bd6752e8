#!/bin/sh
# Installs the real clients of `make verify`: Python's into .venv-clients, JavaScript's beside their
# package.json. Does nothing where nothing changed.
set -eu
cd "$(dirname "$0")/.."

folder=tests/verify/clients
stamp=.venv-clients/installed
wanted=$(cat $folder/requirements.lock $folder/package-lock.json | cksum)
[ "$(cat $stamp 2>/dev/null || true)" = "$wanted" ] && exit 0

echo "Installing the clients that $folder runs (300 MB)"
.venv/bin/python -m venv --clear .venv-clients
.venv-clients/bin/python -m pip install --disable-pip-version-check --quiet \
    --require-hashes --requirement $folder/requirements.lock
.venv/bin/python -c "
import subprocess, hatch_build
node, npm = hatch_build.find_node()
arguments = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
subprocess.run([node, npm, *arguments], cwd='$folder', check=True)"
echo "$wanted" > $stamp
