#!/bin/sh
# Makes .venv complete and usable, or says in plain Dutch what stands in the way. `make` calls it; it does nothing
# when all is there already. One argument names an extra of pyproject.toml to install besides "dev".
#
# PYTHON=/path/to/python chooses the interpreter. On Linux the usual PyTorch comes with gigabytes for NVIDIA cards that
# the embedded model does not use: VNG_TORCH_INDEX=<address of PyTorch's CPU packages> saves these.

set -u
cd "$(dirname "$0")" || exit 1

venv=.venv
extras=dev${1:+,$1}
stamp=$venv/.setup-$extras
log=$venv/setup.log
needed_kb=3000000
web=api/web
torch_index=${VNG_TORCH_INDEX-}

say() {
    printf '%s\n' "$@"
}

fail() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

# What an installation depends on: if any of it changes (the folder too: scripts in .venv hold its path), set up again.
fingerprint() {
    cksum <pyproject.toml
    cksum <constraints.txt
    [ ! -f "$web/package-lock.json" ] || cksum <"$web/package-lock.json"
    pwd -P
}

is_ready() {
    [ -x "$venv/bin/vng-assistent" ] && [ -f "$stamp" ] && "$venv/bin/python" -c '' 2>/dev/null &&
        [ "$(cat "$stamp")" = "$(fingerprint)" ]
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The name may exist and not work (a pyenv shim, Apple's stub), so each one is tried.
find_python() {
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.14; do
        if is_new_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

fail_no_python() {
    found=$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null)
    if [ -n "$found" ]; then
        first="Deze computer heeft Python $found. De VNG-assistent heeft Python 3.11 of nieuwer nodig."
    else
        first="Python is niet gevonden. De VNG-assistent heeft Python 3.11 of nieuwer nodig."
    fi
    fail "$first" \
        "Debian of Ubuntu:  sudo apt install python3 python3-venv" \
        "macOS:             brew install python@3.13" \
        "Staat Python op een andere plek? Gebruik dan:  make start PYTHON=/pad/naar/python3"
}

free_kb() {
    df -Pk . 2>/dev/null | awk 'NR == 2 { for (i = 2; i <= NF; i++) if ($i ~ /%$/) { print $(i - 1); exit } }'
}

fail_disk_full() {
    fail "De schijf is vol, of bijna vol." \
        "De installatie heeft ongeveer 3 GB nodig op de schijf van deze map ($(pwd))." \
        "Maak ruimte vrij en probeer het opnieuw. Wat al is opgehaald, blijft staan."
}

check_disk() {
    free=$(free_kb)
    present=$(du -sk "$venv" 2>/dev/null | awk '{ print $1 }')
    [ -z "$free" ] || [ $((free + ${present:-0})) -ge "$needed_kb" ] || fail_disk_full
}

# A half-made environment keeps what it has; one that does not run, or that was made in another folder, is made anew.
make_venv() {
    if is_new_enough "$venv/bin/python" && "$venv/bin/pip" --version 2>/dev/null | grep -q -F "$(pwd -P)/$venv"; then
        return 0
    fi
    python=$(find_python) || fail_no_python
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        fail "Python is er, maar het onderdeel 'venv' ontbreekt." \
            "Debian of Ubuntu:  sudo apt install python3-venv" \
            "(Heb je meer versies van Python? Installeer dan het pakket van die versie, zoals python3.12-venv.)"
    fi
    say "Een eigen omgeving voor Python maken in $venv ..."
    output=$("$python" -m venv --clear "$venv" 2>&1) && return 0
    case $output in
        *'No space left'*) fail_disk_full ;;
        *'ermission denied'*) fail "De map $(pwd) is niet te beschrijven. Kies een map waarin je bestanden mag maken." ;;
        *ensurepip*) fail "De omgeving voor Python is niet gelukt." "Debian of Ubuntu:  sudo apt install python3-venv" ;;
        *) fail "De omgeving voor Python is niet gelukt. Dit is wat Python meldt:" "$(say "$output" | tail -n 3)" ;;
    esac
}

# Runs pip with its output in the log and a dot on the screen for each package.
pip_install() {
    rm -f "$log.status"
    {
        "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off "$@" 2>&1
        echo $? >"$log.status"
    } | while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        case $line in Collecting* | *Downloading* | Installing* | Building*) printf '.' ;; esac
    done
    printf '\n'
    status=$(cat "$log.status" 2>/dev/null)
    rm -f "$log.status"
    [ "$status" = 0 ]
}

log_has() {
    grep -q -i -E "$1" "$log" 2>/dev/null
}

fail_pip() {
    free=$(free_kb)
    if log_has 'No space left on device|Errno 28' || [ "${free:-1000000}" -lt 100000 ]; then
        fail_disk_full
    fi
    if log_has 'CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError'; then
        fail "De verbinding met PyPI wordt niet vertrouwd: het certificaat klopt niet voor deze computer." \
            "Dat komt voor op een netwerk dat verkeer controleert. Vraag je beheerder om het certificaat van het" \
            "netwerk en probeer het opnieuw met:  PIP_CERT=/pad/naar/certificaat.pem make setup"
    fi
    if log_has 'connection|resolution|timed out|unreachable|ProxyError|Max retries|setuptools.*from versions: none'; then
        fail "De Python-pakketten zijn niet op te halen: er is geen verbinding met PyPI." \
            "Controleer het netwerk. Moet je langs een proxy, zet dan eerst HTTPS_PROXY=http://naam:poort." \
            "Alleen voor deze installatie is een netwerk nodig; daarna werkt de VNG-assistent zonder." \
            "Wat pip meldde, staat in $(pwd)/$log"
    fi
    if log_has 'No matching distribution|requires a different Python'; then
        fail "Voor deze computer of deze versie van Python bestaat een van de pakketten niet:" \
            "$(grep -E '^ERROR' "$log" | tail -n 1)" \
            "Probeer het met Python 3.11, 3.12 of 3.13:  rm -rf $venv && make setup PYTHON=python3.12"
    fi
    fail "De installatie is niet gelukt. Dit is wat pip meldt:" \
        "$(grep -E 'ERROR|error:' "$log" | tail -n 3)" "Alles staat in $(pwd)/$log"
}

# PyTorch from another index, where one was named; if that fails, pip takes the usual one.
install_torch() {
    [ "$(uname -s)" = Linux ] && [ -n "$torch_index" ] && [ -z "${PIP_INDEX_URL:-}" ] || return 0
    "$venv/bin/python" -c 'import torch' 2>/dev/null && return 0
    pip_install --no-deps --retries 1 --timeout 15 --index-url "$torch_index" -c constraints.txt torch || true
}

# The css of NL Design System for the web pages, where there is npm. Without it they are plain, and complete.
install_look() {
    command -v npm >/dev/null 2>&1 && [ -f "$web/package-lock.json" ] || return 0
    npm ci --prefix "$web" --ignore-scripts --no-audit --no-fund --fetch-retries 1 --fetch-timeout 15000 \
        >"$venv/npm.log" 2>&1 && build_look && return 0
    say "De opmaak van NL Design System is niet op te halen; de webpagina's krijgen een eenvoudige opmaak." \
        "Later alsnog:  rm -f $stamp && make setup    Wat npm meldde, staat in $(pwd -P)/$venv/npm.log"
}

# What was fetched is enough to make it again, after a change in the pages; so this works without a network.
build_look() {
    [ -d "$web/node_modules" ] || return 0
    wanted=$(cat "$web/package-lock.json" "$web/build.mjs" "$web/tokens.css" "$web"/templates/*.j2 | cksum)
    [ "$(cat "$web/static/nlds/stamp" 2>/dev/null)" = "$wanted" ] && return 0
    node "$web/build.mjs" >>"$venv/npm.log" 2>&1 && printf '%s\n' "$wanted" >"$web/static/nlds/stamp"
}

install() {
    say "De Python-pakketten ophalen en installeren. Dat duurt de eerste keer een paar minuten."
    rm -f "$stamp" "$log"
    install_torch
    : >"$log" || fail_disk_full
    pip_install --retries 2 -c constraints.txt -e ".[$extras]" || fail_pip
    install_look
    fingerprint >"$stamp" 2>/dev/null || fail_disk_full
    say "De installatie is klaar."
}

if is_ready; then
    build_look
    exit 0
fi
trap 'fail "Afgebroken. Begin opnieuw met dezelfde opdracht; wat al klaar is, wordt overgeslagen."' INT TERM
check_disk
make_venv
install
