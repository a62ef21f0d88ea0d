#!/bin/sh
# The small set-up, in .venv of the repository: sh deploy/small/install.sh
#
# It answers, adds documents and runs, with neither torch nor sentence-transformers. The model is
# made ready here; what only that needs is removed again. Interrupted, run it again: it goes on.
set -eu
cd "$(dirname "$0")/../.."
: "${PYTHON:=python3.11}"

free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
if [ "$free" -lt 700 ]; then
    echo "There are $free MB free here, expected 700: 450 stay, the rest is needed for a while." \
        "Free some, and run this again." >&2
    exit 2
fi
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
.venv/bin/python deploy/small/requirements.py >"$lists/answering"
.venv/bin/python deploy/small/requirements.py --first >"$lists/first"
.venv/bin/python -m pip install --quiet --no-cache-dir --no-compile \
    -r "$lists/answering" -r "$lists/first"
.venv/bin/python -m pip install --quiet --no-cache-dir --no-compile --no-deps .
.venv/bin/coalition-bot index build
# What they alone brought goes with them.
sed 's/[<>=!~ ].*//' "$lists/first" | xargs .venv/bin/python -m pip uninstall --quiet --yes \
    ml_dtypes setuptools
echo "Ready: .venv/bin/coalition-bot ask \"…\". Without torch it takes no other model than the" \
    "bundled one, and without matplotlib /stats has no picture; \`pip install .\` brings both."
