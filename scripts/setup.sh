# Sourced by the other scripts: makes .venv hold exactly what the locks name, and does nothing when it already does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Material announces its successor on every build; the README says what this project will do about it.
export NO_MKDOCS_2_WARNING=1
export PIP_DISABLE_PIP_VERSION_CHECK=1

fail() { printf '%s: %s\n' "scripts/$(basename "$0")" "$*" >&2; exit 1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"; return
    fi
  done
  fail "Python 3.11 or newer is needed; found $(python3 --version 2>/dev/null || echo none). Set PYTHON to one."
}

set_up() {
  local pins stamp
  pins=$(cat requirements.lock requirements-torch.txt | cksum | tr ' ' '-')
  stamp=".venv/.installed-$pins"
  [ -e "$stamp" ] && return
  echo "Setting up .venv; this happens once and takes a minute or two." >&2
  [ -x .venv/bin/python ] || "$(find_python)" -m venv .venv || fail "the venv module is missing; on Debian: apt install python3-venv"
  rm -f .venv/.installed-*
  .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
  # torch has a build a platform, so its pin is a version without a hash.
  .venv/bin/python -m pip install --quiet -r requirements-torch.txt
  # The package itself runs from the checkout: Python puts the folder it starts in on its path.
  touch "$stamp"
}

set_up
