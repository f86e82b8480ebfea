# Sets PYTHON to a Python >= 3.11 that can make a virtual environment. Read by ./run and ./test.

_is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
_makes_environments() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

_find_python() {
    PYTHON='' _without_venv=''
    for _candidate in .venv/bin/python "${TOMONI_PYTHON:-python3}" python3 python3.14 python3.13 \
        python3.12 python3.11 /usr/bin/python3; do
        _is_new_enough "$_candidate" || continue
        if _makes_environments "$_candidate"; then
            PYTHON=$_candidate
            return
        fi
        _without_venv=$_candidate
    done
}

_find_python
# Debian keeps the part of Python that makes environments in a package of its own.
if [ -z "$PYTHON" ] && [ -n "$_without_venv" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv, which Python needs to make an environment ..."
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=120 python3-venv; } >/dev/null 2>&1 || true
    _find_python
fi
if [ -z "$PYTHON" ]; then
    if [ -n "$_without_venv" ]; then
        echo "Python's venv module is missing. Install it (Debian, Ubuntu: sudo apt install python3-venv) and start again." >&2
    else
        echo "Tomoni needs Python 3.11 or newer, with venv. Install it (Debian, Ubuntu: sudo apt install python3-venv) and start again." >&2
    fi
    exit 1
fi
