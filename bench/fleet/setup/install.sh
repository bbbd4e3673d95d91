#!/usr/bin/env bash
# Installs the peers into .tools/bench: aws-cdk-lib for TypeScript, and troposphere. Twice is once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

here=bench/fleet
there=.tools/bench
mkdir -p "$there"
cp "$here"/setup/package.json "$here"/setup/package-lock.json "$there"
cp "$here"/typescript/*.ts "$here"/typescript/tsconfig.json "$there"
(cd "$there" && npm ci --no-audit --no-fund --ignore-scripts)
"$there/node_modules/.bin/tsc" -p "$there"
"${PYTHON:-.venv/bin/python}" -m pip install --quiet --require-hashes --target "$there/troposphere" \
    --upgrade -r "$here/setup/troposphere.lock" 2>/dev/null ||
    uv pip install --quiet --require-hashes --target "$there/troposphere" \
        -r "$here/setup/troposphere.lock"
