# Sets up everything that scripts/demo and scripts/test need, inside this checkout and nowhere else.
# Sourced, never run: it leaves `root`, `tools`, PATH and the cache locations to its caller.
# Made to be run by anybody, any number of times, also twice at once.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
tools=$root/.tools
venv=$root/.venv
cd "$root"
# Without bytecode every process compiles CDK's modules anew, for seconds (the oldest: 45) each time.
unset PYTHONDONTWRITEBYTECODE

# Microseconds where bash can tell them (5 and newer), else whole seconds.
now() {
    if [ -n "${EPOCHREALTIME:-}" ]; then echo "${EPOCHREALTIME/[.,]/}"; else echo "${SECONDS}000000"; fi
}

# Says how long it took since "$2" (an answer of `now`).
took() {
    local spent=$((($(now) - $2) / 10000))
    printf '  %-44s %4d.%02d s\n' "$1" $((spent / 100)) $((spent % 100))
}

# Runs a command as a step: quiet when it works, its whole output when it does not.
step() {
    local name=$1 began log
    shift
    began=$(now)
    log=$tools/log/${name//[^a-zA-Z0-9]/-}.$$
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
        took "$name" "$began"
    else
        echo "  $name: failed" >&2
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}

is_python() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python3.10 python; do
        if command -v "$candidate" >/dev/null && is_python "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "Python 3.10 or newer is needed; set PYTHON to one." >&2
    return 1
}

# The machine's own Node is good from version 22 on, with npm beside it.
has_node() {
    command -v npm >/dev/null || return 1
    [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 22' 2>/dev/null)" = true ]
}

make_venv() {
    rm -rf "$venv"
    if ! "$python" -m venv "$venv"; then
        echo "This Python cannot make a virtual environment: on Debian and Ubuntu the package" >&2
        echo "python3-venv is missing, or set PYTHON to another Python." >&2
        return 1
    fi
    "$venv/bin/python" -m pip install --quiet --require-hashes --no-deps \
        --requirement requirements/bootstrap.lock ||
        echo "uv cannot be had here: pip does its work, which takes longer."
}

install_packages() {
    local lock settings arguments=()
    if [ -x "$venv/bin/uv" ]; then
        # uv does not read pip's configuration, so a mirror or a certificate set there is handed over.
        settings=$("$venv/bin/python" scripts/pip_settings.py)
        if (
            eval "$settings"
            "$venv/bin/uv" pip sync --quiet --require-hashes --python "$venv/bin/python" "${locks[@]}"
        ); then
            return
        fi
        echo "uv did not manage: pip does its work, which takes longer."
    fi
    for lock in "${locks[@]}"; do arguments+=(--requirement "$lock"); done
    "$venv/bin/python" -m pip install --quiet --require-hashes --no-deps "${arguments[@]}"
}

install_programs() {
    local settings place
    settings=$("$venv/bin/python" scripts/pip_settings.py)
    (
        # An npm from PyPI does not look where the machine keeps its npm configuration, and Node
        # does not know the certificates that pip was told of.
        if [ -z "${npm_config_globalconfig:-${NPM_CONFIG_GLOBALCONFIG:-}}" ]; then
            for place in /etc/npmrc /usr/etc/npmrc /usr/local/etc/npmrc; do
                if [ -r "$place" ]; then
                    export npm_config_globalconfig=$place
                    break
                fi
            done
        fi
        eval "$settings"
        if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "${SSL_CERT_FILE:-}" ]; then
            export NODE_EXTRA_CA_CERTS=$SSL_CERT_FILE
        fi
        npm ci --no-audit --no-fund --no-update-notifier --ignore-scripts
    )
}

set_up() {
    local stamp python node=machine locks=(requirements/bootstrap.lock requirements/development.lock)
    python=$(find_python)
    # What builds the site needs a newer Python than the library; without it the rest works.
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        locks+=(requirements/site.lock)
    fi
    if ! has_node; then
        node=wheel
        locks+=(requirements/node.lock)
    fi
    # The path is part of it because a moved checkout has a virtual environment that does not work.
    stamp="$root $node $python $(git hash-object --no-filters "${locks[@]}" package-lock.json scripts/setup.sh | tr '\n' ' ')"
    if [ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ] &&
        [ -x node_modules/.bin/cdk ] && is_python "$venv/bin/python"; then
        return
    fi
    rm -f "$tools/stamp"
    step "virtual environment" make_venv
    step "Python packages" install_packages
    export PATH=$venv/bin:$PATH
    step "programs from npm" install_programs
    echo "$stamp" >"$tools/stamp"
}

# The oldest CDK that we support, in a virtual environment of its own: scripts/test asks for it.
install_floor() {
    local lock=requirements/floor.lock
    rm -rf "$tools/floor"
    "$venv/bin/python" -m venv "$tools/floor"
    if [ -x "$venv/bin/uv" ]; then
        (
            eval "$("$venv/bin/python" scripts/pip_settings.py)"
            "$venv/bin/uv" pip sync --quiet --require-hashes --python "$tools/floor/bin/python" "$lock"
        ) && return
        echo "uv did not manage: pip does its work, which takes longer."
    fi
    "$tools/floor/bin/python" -m pip install --quiet --require-hashes --no-deps --requirement "$lock"
}

set_up_floor() {
    local stamp
    stamp="$root $(readlink -f "$venv/bin/python") $(git hash-object --no-filters requirements/floor.lock scripts/setup.sh | tr '\n' ' ')"
    if [ "$(cat "$tools/floor.stamp" 2>/dev/null)" = "$stamp" ] && is_python "$tools/floor/bin/python"; then
        return
    fi
    rm -f "$tools/floor.stamp"
    step "oldest CDK supported" install_floor
    echo "$stamp" >"$tools/floor.stamp"
}

# Runs one set-up at a time in a checkout; whoever waited finds it done.
locked() {
    local waited=0
    if command -v flock >/dev/null; then
        exec 9>"$tools/lock"
        flock 9
        "$@"
        exec 9>&-
        return
    fi
    until ln -s "$$" "$tools/lock.link" 2>/dev/null; do
        # The owner died without tidying up when no process has the number that the link names.
        if ! kill -0 "$(readlink "$tools/lock.link" || echo 0)" 2>/dev/null; then
            rm -f "$tools/lock.link"
        fi
        waited=$((waited + 1))
        if [ "$waited" -gt 900 ]; then
            echo "Another set-up holds .tools/lock.link for 15 minutes: remove it if none runs." >&2
            return 1
        fi
        sleep 1
    done
    "$@"
    rm -f "$tools/lock.link"
}

export UV_CACHE_DIR=$tools/uv
export npm_config_cache=$tools/npm
export JSII_RUNTIME_PACKAGE_CACHE_ROOT=$tools/jsii

mkdir -p "$tools/log"
set_up_began=$(now)
locked set_up
export PATH=$venv/bin:$root/node_modules/.bin:$PATH
took "set-up" "$set_up_began"
