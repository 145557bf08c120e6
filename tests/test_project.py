"""The project around the code: what its files say of each other, its setup script, and the offline guard."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LARGEST_FILE = 25_000_000
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    """The files that git knows, or would know after `git add`; all but the ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def declared() -> set[str]:
    """Every package that pyproject.toml names."""
    required = [*PROJECT["dependencies"]]
    for extra in PROJECT["optional-dependencies"].values():
        required += extra
    return {normal(re.match(r"[\w.-]+", item)[0]) for item in required}  # type: ignore[index]


def test_each_dependency_is_explained() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|(.*)\|$", read("docs/dependencies.md"), re.MULTILINE)
    assert {normal(package) for package, _ in rows} == declared()
    assert [package for package, cells in rows if any(not cell.strip() for cell in cells.split("|"))] == []


def test_the_version_is_the_same_everywhere() -> None:
    in_publiccode = re.search(r'^softwareVersion: "(.+)"$', read("publiccode.yml"), re.MULTILINE)
    in_changelog = re.search(r"^## \[(\d.*?)\] - (\d{4}-\d\d-\d\d)$", read("CHANGELOG.md"), re.MULTILINE)
    released = re.search(r'^releaseDate: "(.+)"$', read("publiccode.yml"), re.MULTILINE)
    assert in_publiccode
    assert in_changelog
    assert released
    assert in_publiccode[1] == in_changelog[1] == PROJECT["version"]
    assert released[1] == in_changelog[2]


def test_the_licence_is_the_same_everywhere() -> None:
    assert PROJECT["license"] == "EUPL-1.2"
    assert "license: EUPL-1.2" in read("publiccode.yml")
    assert read("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


def test_help_names_each_task() -> None:
    makefile = read("Makefile")
    tasks = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    shown = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  (\w+)  ", shown, re.MULTILINE)) == tasks
    assert set(re.findall(r"^(\w+):", makefile, re.MULTILINE)) == tasks


def test_start_asks_the_first_example_question() -> None:
    asked = re.search(r"^VRAAG \?= (.+)$", read("Makefile"), re.MULTILINE)
    first = re.search(r"^1\. (.+?\?)", read("voorbeelden/vragen.md"), re.MULTILINE)
    assert asked
    assert first
    assert asked[1] == first[1]


def test_no_file_is_too_large() -> None:
    assert [path for path in tracked_files() if path.stat().st_size > LARGEST_FILE] == []


def test_nothing_ties_the_project_to_one_workplace() -> None:
    """Absolute folders of somebody's machine, and words of how it was made."""
    stray = re.compile(
        r"(?<![\w/.>])/(?:wor[k]|hom[e]|User[s]|roo[t])/|\bC[E]O\b|\bsub-?agent[s]?\b|\bAI sessio[n]\b", re.IGNORECASE
    )
    found = []
    for path in tracked_files():
        if path.suffix not in {".py", ".md", ".toml", ".yml", ".sh", ".txt", ".jsonl", ""}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in stray.finditer(text)]
    assert found == []


# The setup script, with another PATH: only the tools that it needs, and programs that stand in for what is missing.

TOOLS = ("sh", "dirname", "cat", "cksum", "grep", "sed", "awk", "tail", "rm", "uname", "du", "df", "mkdir")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what setup needs, in a folder with a space in its name, with a PATH of its own in `bin`."""
    folder = tmp_path / "een map"
    (folder / "bin").mkdir(parents=True)
    for name in ("Makefile", "setup.sh", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    for tool in (*TOOLS, "make"):
        found = shutil.which(tool)
        assert found, f"{tool} is not on this machine"
        (folder / "bin" / tool).symlink_to(found)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    """Puts a program on the PATH of the checkout, in place of what was there."""
    path = folder / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def real_python(folder: Path) -> None:
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    program(folder, "python3", f'exec "{base}" "$@"')


def setup(folder: Path, task: str = "setup", **environment: str) -> tuple[int, str]:
    """The exit status and what a user reads."""
    make = shutil.which("make")
    assert make
    done = subprocess.run(
        [make, "-C", str(folder), task],
        env={"PATH": str(folder / "bin"), "HOME": str(folder), "LC_ALL": "C", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("task", ["setup", "start", "test"])
def test_without_python_the_user_reads_what_to_install(checkout: Path, task: str) -> None:
    status, said = setup(checkout, task)
    assert status != 0
    assert "Python is niet gevonden" in said
    assert "sudo apt install python3 python3-venv" in said


def test_an_old_python_is_named(checkout: Path) -> None:
    program(checkout, "python3", "case $2 in *platform*) echo 3.9.2 ;; *) exit 1 ;; esac")
    status, said = setup(checkout)
    assert status != 0
    assert "Deze computer heeft Python 3.9.2" in said


def test_a_newer_python_under_another_name_is_used(checkout: Path) -> None:
    program(checkout, "python3", "exit 1")
    program(checkout, "python3.12", "case $2 in *ensurepip*) exit 1 ;; *) exit 0 ;; esac")
    status, said = setup(checkout)
    assert status != 0
    assert "het onderdeel 'venv' ontbreekt" in said


def test_without_venv_the_package_is_named(checkout: Path) -> None:
    program(checkout, "python3", "case $2 in *ensurepip*) exit 1 ;; *) exit 0 ;; esac")
    status, said = setup(checkout)
    assert status != 0
    assert "sudo apt install python3-venv" in said


def test_a_full_disk_is_seen_before_it_starts(checkout: Path) -> None:
    program(checkout, "df", "echo header; echo /dev/sda1 100000000 99000000 1000000 99% /")
    status, said = setup(checkout)
    assert status != 0
    assert "De schijf is vol" in said
    assert not (checkout / ".venv").exists()


def fake_pip(folder: Path, says: str) -> None:
    """A python whose environment holds a pip that fails with these words."""
    pip = f'case "$*" in *install*) echo "{says}"; exit 1 ;; *) echo "from {folder}/.venv" ;; esac'
    for name in ("python", "pip"):
        program(folder, name, pip)
    made = f'mkdir -p .venv/bin; cat "{folder}/bin/python" > .venv/bin/python'
    program(
        folder, "python3", f'case "$*" in *venv*clear*) {made}; "{shutil.which("chmod")}" +x .venv/bin/python ;; esac'
    )


@pytest.mark.parametrize(
    ("says", "meant"),
    [
        ("OSError: [Errno 28] No space left on device", "De schijf is vol"),
        ("NameResolutionError: Temporary failure in name resolution", "geen verbinding met PyPI"),
        ("SSLError(SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED)", "het certificaat klopt niet"),
        ("ERROR: No matching distribution found for torch==2.13.0", "bestaat een van de pakketten niet"),
        ("ERROR: something else", "Dit is wat pip meldt"),
    ],
)
def test_what_pip_says_is_told_in_dutch(checkout: Path, says: str, meant: str) -> None:
    fake_pip(checkout, says)
    status, said = setup(checkout)
    assert status != 0
    assert meant in said
    assert "Traceback" not in said


def test_without_a_network_setup_says_so_and_mends_a_half_made_environment(checkout: Path) -> None:
    """The real pip, with an index on a port where nothing listens."""
    real_python(checkout)
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / "README.md").write_text("x", encoding="utf-8")
    status, said = setup(
        checkout,
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="0",
        PIP_TIMEOUT="2",
    )
    assert status != 0
    assert "geen verbinding met PyPI" in said
    assert (checkout / ".venv" / "pyvenv.cfg").exists()


# The offline guard, in a run of its own.

REACHES_OUT = """
import socket
import pytest

def test_connect():
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(("192.0.2.1", 80))

def test_swallowed():
    try:
        socket.create_connection(("example.org", 443), timeout=1)
    except OSError:
        pass

def test_here():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        socket.create_connection(("localhost", server.getsockname()[1])).close()
"""


def test_a_test_cannot_reach_another_machine(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "offline.py", tmp_path / "conftest.py")
    (tmp_path / "test_reach.py").write_text(REACHES_OUT, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert "tests work without a network, but this one wanted: socket.connect '192.0.2.1'" in said
    assert "wanted: socket.getaddrinfo 'example.org'" in said
    assert re.search(r"1 failed, 2 passed, 1 error|1 failed, 2 passed, 2 errors", said), said
