"""The commands that make, show and revoke keys, and the one that serves, as a person types them."""

import json
import re
from datetime import date, timedelta

import pytest

import vng_assistent
from api.keys import KeyFile


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("VNG_HOSTS", "VNG_PROXIES", "VNG_RATE", "VNG_API_KEYS_FILE", "VNG_DATA"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        """The exit code, what went to stdout, and what to stderr."""
        with pytest.raises(SystemExit) as left:
            vng_assistent.main(arguments)
        said = capsys.readouterr()
        return left.value.code, said.out, " ".join(said.err.split())

    return run


@pytest.fixture
def keys(tmp_path):
    return KeyFile(tmp_path / "data" / "keys.json")


def test_a_key_is_made_and_shown_once(run, keys):
    code, out, err = run("keys", "add", "griffie")
    assert code == 0
    assert re.fullmatch(r"vng_\w{8}_\w{49}\n", out)  # alone, so that a script can take it
    assert "niet nog een keer" in err
    key = keys.of_text(out.strip())
    assert (key.name, key.scopes, key.groups, key.expires, key.rate) == ("griffie", {"ask"}, frozenset(), None, "")
    assert out.strip() not in run("keys", "list", "--json")[1]


def test_everything_about_a_key_can_be_said(run, keys):
    day = (date.today() + timedelta(days=100)).isoformat()
    options = ("--scope", "ask", "--scope", "ingest", "--group", "directie", "--group", "raad", "--expires", day)
    _, out, _ = run("keys", "add", "Afdeling Wonen", *options, "--rate", "30/minute")
    key = keys.of_text(out.strip())
    assert (key.scopes, key.groups) == ({"ask", "ingest"}, {"directie", "raad"})
    assert (key.expires, key.rate) == (date.fromisoformat(day), "30/minute")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x", "--scope", "alles"), "Het recht 'alles' bestaat niet"),
        (("x", "--expires", "morgen"), "'morgen' is geen datum. Schrijf hem als 2027-01-31."),
        (("x", "--expires", "2027-02-30"), "is geen datum"),
        (("x", "--expires", "2020-01-01"), "is al geweest"),
        (("x", "--rate", "veel"), "'veel' is geen grens"),
        (("x", "--rate", "0/minute"), "is geen grens"),
        (("x", "--group", "a,b"), "'a,b' is geen groep"),
        (("x", "--group", " "), "is geen groep"),
        ((" ",), "Geef een naam"),
        (("x" * 81,), "Geef een naam"),
        (("a\x1b[2Jb",), "Geef een naam"),
    ],
)
def test_a_bad_value_is_refused_with_a_clear_line(run, tmp_path, arguments, said):
    code, out, err = run("keys", "add", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert not (tmp_path / "data" / "keys.json").exists()


def test_a_name_is_given_once(run):
    run("keys", "add", "griffie")
    code, _, err = run("keys", "add", "griffie")
    assert code == 1
    assert "al een sleutel met de naam 'griffie'" in err


def test_keys_are_listed_without_what_opens(run, keys):
    assert "keys add" in run("keys", "list")[2]
    text = run("keys", "add", "griffie [red]", "--group", "directie")[1].strip()
    run("keys", "add", "website")
    run("keys", "revoke", "website")
    _, out, _ = run("keys", "list")
    assert "griffie [red]" in out
    assert "directie" in out
    assert "werkt" in out
    assert "ingetrokken" in out
    listed = json.loads(run("keys", "list", "--json")[1])["keys"]
    assert [(one["name"], one["status"]) for one in listed] == [("griffie [red]", "valid"), ("website", "revoked")]
    assert text[13:56] not in out + json.dumps(listed)
    assert not {"hash", "key", "secret"} & listed[0].keys()


@pytest.mark.parametrize("by", ["name", "prefix"])
def test_a_key_is_revoked_by_name_or_beginning(run, keys, by):
    text = run("keys", "add", "griffie")[1].strip()
    code, _, err = run("keys", "revoke", "griffie" if by == "name" else text[4:12])
    assert code == 0
    assert "werkt niet meer" in err
    assert [key.problem(key.created) for key in keys.kept()] == ["revoked"]
    assert run("keys", "revoke", "onbekend")[0] == 1


def test_the_file_may_stand_elsewhere(run, monkeypatch, tmp_path):
    monkeypatch.setenv("VNG_API_KEYS_FILE", str(tmp_path / "elders" / "sleutels.json"))
    text = run("keys", "add", "griffie")[1].strip()
    assert KeyFile(tmp_path / "elders" / "sleutels.json").of_text(text).name == "griffie"
    (tmp_path / "elders" / "sleutels.json").write_text("{")
    code, _, err = run("keys", "list")
    assert code == 1
    assert "is niet te lezen" in err


@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({}, ("--host", "0.0.0.0")),  # noqa: S104
        ({}, ("--host", "192.168.1.2")),
        ({}, ("--login",)),
        ({"VNG_HOSTS": "assistent.veldrijk.nl"}, ()),
        ({"VNG_PROXIES": "127.0.0.1"}, ()),
    ],
)
def test_a_server_for_others_does_not_start_without_a_key(run, monkeypatch, environment, arguments):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for before in ((), ("keys", "add", "griffie"), ("keys", "revoke", "griffie")):
        if before:
            run(*before)
        if before[1:2] == ("add",):
            continue
        code, _, err = run("serve", *arguments)
        assert code == 1
        assert "vng-assistent keys add" in err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VNG_RATE", "veel", "VNG_RATE: 'veel' is geen grens"),
        ("VNG_PROXIES", "nginx.veldrijk.nl", "VNG_PROXIES: noem adressen"),
        ("VNG_PROXIES", "10.0.0.1/8", "VNG_PROXIES: noem adressen"),
        ("VNG_HOSTS", "https://assistent.veldrijk.nl", "VNG_HOSTS: noem alleen namen"),
        ("VNG_HOSTS", "*", "VNG_HOSTS: noem alleen namen"),
    ],
)
def test_a_setting_of_the_server_that_says_nothing_is_told(run, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    run("keys", "add", "griffie")
    code, _, err = run("serve")
    assert code == 1
    assert said in err
    code, out, err = run("doctor")
    assert code == 1
    assert said in " ".join((out + err).split())
