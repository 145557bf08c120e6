"""The workflow for GitHub, the template for GitLab, and the page of the manual that explains them."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from ruamel.yaml import YAML

from eval.compare import TESTED, compare
from eval.gates import read_gates
from eval.measures import BY_NAME, SUITES
from eval.report.markdown import MARKER
from eval.table import COLUMNS, KIND_WORDS
from eval.topics import read_topics
from tests.eval_samples import evaluation, outcome
from tests.test_eval_post import ME, TOKEN, serving
from vng_assistent import app

ROOT = Path(__file__).parent.parent
WORKFLOW = ROOT / ".github" / "workflows" / "evaluatie.yml"
TEMPLATE = ROOT / "eval" / "ci" / "evaluatie.gitlab-ci.yml"
PAGE = ROOT / "docs" / "handleiding" / "evalueren.md"
POST = ROOT / "eval" / "post.py"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in (WORKFLOW, TEMPLATE, PAGE)}
ARTIFACT = "build/evaluatie/"


def documents(text: str) -> list[Any]:
    return list(YAML(typ="safe", pure=True).load_all(text))


GITHUB = documents(TEXTS[WORKFLOW.name])[0]
HEADER, GITLAB = documents(TEXTS[TEMPLATE.name])


def blocks(language: str) -> list[str]:
    """The pieces of code of this language in the page, without the indent that they have in a list."""
    found = re.findall(rf"(?ms)^( *)```{language}\n(.*?)^ *```", TEXTS[PAGE.name])
    return [re.sub(rf"(?m)^{indent}", "", code) for indent, code in found]


def snippet(platform: str) -> Any:
    return next(documents(code)[0] for code in blocks("yaml") if code.startswith(f"# {platform}\n"))


@pytest.mark.parametrize(
    ("schema", "content"),
    [
        ("github-workflows", GITHUB),
        ("github-workflows", snippet("github")),
        ("gitlab-ci", HEADER),
        ("gitlab-ci", GITLAB),
        ("gitlab-ci", snippet("gitlab")),
    ],
    ids=["workflow", "workflow in the manual", "inputs", "template", "include in the manual"],
)
def test_it_has_the_form_that_the_platform_wants(tmp_path: Path, schema: str, content: Any) -> None:
    path = tmp_path / "content.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", TEXTS)
def test_each_file_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"(?<![\w/.$-])(?:eval|docs|voorbeelden|tests|\.github)/[\w./-]*\w", TEXTS[name]))
    assert named
    assert sorted(one for one in named if not (ROOT / one).exists()) == []


def test_each_link_of_the_page_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)", TEXTS[PAGE.name])
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    assert f"({PAGE.name})" in (PAGE.parent / "README.md").read_text(encoding="utf-8")


def options(command: str) -> set[str]:
    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    return {option for parameter in commands[command].params for option in parameter.opts if option.startswith("--")}


@pytest.mark.parametrize("name", TEXTS)
def test_each_option_that_is_used_exists(name: str) -> None:
    text = re.sub(r"\\\n\s*", " ", TEXTS[name])  # lines that go on
    text = re.sub(r"(evaluate vragen\.xlsx)\n\s+(?=--)", r"\1 ", text)
    used = re.findall(r'vng-assistent"? (ingest|ask|evaluate|harvest)\b([^\n`|]*)', text)
    assert used or name == WORKFLOW.name  # which leaves it to `make evaluate`
    wrong = [
        (command, option)
        for command, rest in used
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)
        if option not in options(command)
    ]
    assert wrong == []


def test_the_page_explains_each_option() -> None:
    assert set(re.findall(r"(?m)^\| `(--[a-z-]+)", TEXTS[PAGE.name])) == options("evaluate")


def test_the_page_explains_each_measure() -> None:
    rows = dict(re.findall(r"(?m)^\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$", TEXTS[PAGE.name]))
    measures = {name: label for name, label in rows.items() if not name.startswith("--")}
    assert measures == {name: measure.label for name, measure in BY_NAME.items()}
    assert [title for title in SUITES.values() if f"**{title}**" not in TEXTS[PAGE.name]] == []


def test_the_page_says_which_measures_are_better_when_lower() -> None:
    rows = dict(re.findall(r"(?m)^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$", TEXTS[PAGE.name]))
    lower = {name for name, meaning in rows.items() if meaning.endswith("Lager is beter.")}
    assert lower == {name for name, measure in BY_NAME.items() if measure.better == "lower"}


def test_the_page_explains_each_column_of_a_spreadsheet() -> None:
    rows = dict(re.findall(r"(?m)^\| ([a-z ]+) \| ([^|]+) \|$", TEXTS[PAGE.name]))
    assert set(COLUMNS.values()) <= rows.keys()
    assert rows["soort"].removeprefix("kies uit de lijst: ").split(", ") == list(KIND_WORDS.values())


def test_the_examples_of_the_page_can_be_used(tmp_path: Path) -> None:
    topics, gates = tmp_path / "vragen.jsonl", tmp_path / "eisen.toml"
    topics.write_text(blocks("json")[0], encoding="utf-8")
    gates.write_text(blocks("toml")[0], encoding="utf-8")
    assert [topic.answerable for topic in read_topics(topics)] == [True, False]
    assert {gate.rule for gate in read_gates(gates)} == {"at_least", "at_most", "not_worse", "largest_drop"}


@pytest.mark.parametrize(("tested", "enough"), [(("facts",), 6), (TESTED, 9)])
def test_so_many_questions_must_get_worse_as_the_page_says(tested: tuple[str, ...], enough: int) -> None:
    before = evaluation([outcome(f"v{n}") for n in range(65)])

    def chance(worse: int) -> float:
        now = evaluation([outcome(f"v{n}", facts_found=n >= worse) for n in range(65)])
        return compare(now, before, tested).by_measure["facts"].adjusted or 0.0

    assert chance(enough) < 0.05 <= chance(enough - 1)
    assert len(TESTED) == 7


# GitHub


def steps(workflow: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(name, step) for name, job in workflow["jobs"].items() for step in job["steps"]]


def test_a_workflow_may_do_no_more_than_it_needs() -> None:
    assert GITHUB["permissions"] == {}
    assert {name: job["permissions"] for name, job in GITHUB["jobs"].items()} == {
        "meten": {"contents": "read"},
        "melden": {"contents": "read", "pull-requests": "write"},
    }
    assert set(GITHUB["on"]) == {"pull_request", "push", "workflow_dispatch"}  # not pull_request_target
    assert all("timeout-minutes" in job for job in GITHUB["jobs"].values())
    assert "concurrency" in GITHUB
    assert snippet("github")["permissions"] == {}


@pytest.mark.parametrize("workflow", [GITHUB, snippet("github")], ids=["workflow", "workflow in the manual"])
def test_nothing_of_an_event_comes_into_a_shell_and_no_token_is_left_behind(workflow: Any) -> None:
    assert [step["run"] for _, step in steps(workflow) if "${{" in step.get("run", "")] == []
    checkouts = [step for _, step in steps(workflow) if "checkout" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", step["uses"]) for _, step in steps(workflow) if "uses" in step)
    holders = [step["run"] for _, step in steps(workflow) if "GITHUB_TOKEN" in step.get("env", {})]
    assert all("post.py" in run for run in holders)
    assert len(holders) == 1


def test_the_job_that_may_write_runs_no_code_of_the_change() -> None:
    job = GITHUB["jobs"]["melden"]
    [checkout] = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert checkout["with"]["sparse-checkout"] == "eval/post.py"
    assert [step["run"].split()[:2] for step in job["steps"] if "run" in step] == [["python3", "eval/post.py"]]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    assert job["needs"] == "meten"


def test_the_report_is_kept_where_make_writes_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"--report {ARTIFACT.rstrip('/')}" in makefile
    assert f"--history {ARTIFACT}geschiedenis.jsonl" in makefile
    used = {step["uses"].partition("@")[0]: step for _, step in steps(GITHUB) if "uses" in step}
    assert used["actions/upload-artifact"]["with"]["path"] == ARTIFACT
    assert used["actions/upload-artifact"]["with"]["name"] == used["actions/download-artifact"]["with"]["name"]
    assert used["actions/cache/restore"]["with"]["path"] == f"{ARTIFACT}geschiedenis.jsonl"
    assert used["actions/cache/save"]["with"] == {
        name: value for name, value in used["actions/cache/restore"]["with"].items() if name != "restore-keys"
    }
    assert GITLAB["evaluatie"]["artifacts"]["paths"] == [ARTIFACT]
    assert GITLAB["evaluatie"]["artifacts"]["when"] == "always"
    assert GITLAB["evaluatie"]["artifacts"]["reports"]["junit"] == f"{ARTIFACT}junit.xml"


# GitLab


def test_inputs_come_into_no_shell_line() -> None:
    jobs = [job for job in GITLAB.values() if "script" in job]
    assert [line for job in jobs for line in job["script"] if "[[ " in line] == []
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", TEXTS[TEMPLATE.name]))
    assert used == HEADER["spec"]["inputs"].keys()
    given = snippet("gitlab")["include"][0]["inputs"].keys()
    required = {name for name, about in HEADER["spec"]["inputs"].items() if "default" not in about}
    assert required <= given <= used


def test_a_note_is_only_written_in_a_merge_request_and_with_a_token() -> None:
    [rule] = GITLAB["evaluatie-melden"]["rules"]
    assert rule["if"] == '$CI_PIPELINE_SOURCE == "merge_request_event" && $VNG_GITLAB_TOKEN'
    assert rule["when"] == "always"
    assert GITLAB["evaluatie"]["script"][0] == "unset VNG_GITLAB_TOKEN"


def run_job(name: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the script of a job of the template as a runner would, without setting up anything else."""
    script = "\n".join(["set -eo pipefail", *GITLAB[name]["script"]])
    surroundings = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "CI_PROJECT_DIR": str(folder),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **environment,
    }
    command = ["bash", "-c", script]
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=proef", "-c", "user.email=proef@example.org"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


MAKEFILE = """\
setup:
\t@mkdir -p .venv/bin
\t@printf '#!/bin/sh\\nprintf "<%%s>" "$$@"\\ncase $$1 in ingest) exit 1;; esac\\n' > .venv/bin/vng-assistent
\t@chmod +x .venv/bin/vng-assistent
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A repository with, in place of the assistant, a command that shows what it was told, and fails to read a file."""
    folder = tmp_path / "het programma"
    (folder / "eval").mkdir(parents=True)
    (folder / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (folder / "eval" / "post.py").write_text(POST.read_text(encoding="utf-8"), encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "begin")
    return folder


@pytest.mark.parametrize("elsewhere", [True, False])
def test_the_job_asks_what_the_inputs_say(tmp_path: Path, program: Path, elsewhere: bool) -> None:
    project = tmp_path / "project" if elsewhere else program
    project.mkdir(exist_ok=True)
    inputs = {
        "DOCUMENTEN": "onze documenten",
        "VRAGEN": "vragen $(x).xlsx",
        "EISEN": "de eisen.toml",
        "BASELINE": "",
    }
    environment = {f"EVALUATIE_{name}": value for name, value in inputs.items()}
    environment |= {"EVALUATIE_ADRES": str(program) if elsewhere else "", "EVALUATIE_TAK": "main"}
    done = run_job("evaluatie", project, **environment)
    assert done.returncode == 0, done.stderr
    assert "<ingest><onze documenten><--data></" in done.stdout
    assert "Niet alle documenten zijn gelezen." in done.stdout
    asked = re.findall("<([^>]*)>", done.stdout[done.stdout.index("<evaluate>") :])
    assert asked[:3] == ["evaluate", "vragen $(x).xlsx", "--data"]
    report = ["--report", "build/evaluatie", "--history", "build/evaluatie/geschiedenis.jsonl"]
    assert asked[4:] == ["--gates", "de eisen.toml", *report]


@pytest.mark.parametrize("elsewhere", [True, False])
def test_the_job_writes_the_note_with_the_program_of_the_target_branch(
    tmp_path: Path, program: Path, elsewhere: bool
) -> None:
    git(program, "switch", "--quiet", "--create", "wijziging")
    (program / "eval" / "post.py").write_text("raise SystemExit('code of the change')", encoding="utf-8")
    git(program, "commit", "--quiet", "--all", "--message", "wijziging")
    project = tmp_path / "project"
    (project / ARTIFACT).mkdir(parents=True)
    (project / ARTIFACT / "rapport.md").write_text(f"{MARKER}\n## Evaluatie\n", encoding="utf-8")
    where = {"EVALUATIE_ADRES": str(program) if elsewhere else "", "EVALUATIE_TAK": "main"}
    target = {"CI_REPOSITORY_URL": str(program), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    with serving(gitlab=True) as server:
        server.add(f"{MARKER}\noud", ME)
        done = run_job("evaluatie-melden", project, **where, **target, **server.environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert server.bodies() == [f"{MARKER}\n## Evaluatie\n"]
        assert TOKEN not in done.stdout


# What posts


def test_posting_needs_nothing_but_python() -> None:
    tree = ast.parse(POST.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_nothing_beside_it_takes_the_name_of_a_module_of_python() -> None:
    """A program finds what lies in its own folder before it finds Python's own."""
    beside = {path.stem for path in POST.parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert beside & sys.stdlib_module_names == set()
