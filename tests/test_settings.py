import re
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings

MANUAL = Path(__file__).parent.parent / "docs" / "handleiding" / "instellingen.md"


def test_every_setting_is_in_the_manual_with_its_default_and_nothing_else_is():
    documented = dict(re.findall(r"^\| `(VNG_\w+)` \| ([^|]+?) \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE))
    expected = {}
    for name, field in Settings.model_fields.items():
        value = field.default
        shown = (
            str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
        )
        expected[f"VNG_{name.upper()}"] = "(leeg)" if value in ("", None, frozenset()) else f"`{shown}`"
    assert documented == expected


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())


def test_a_wrong_value_is_named(monkeypatch):
    monkeypatch.setenv("VNG_WORKERS", "veel")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "VNG_WORKERS" in caught.value.problems[0]
    assert "veel" in caught.value.problems[0]


def test_a_file_env_is_read(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("VNG_MAX_FILE_MB=7\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings().max_file_mb == 7


def test_a_language_model_needs_an_address_and_a_name(monkeypatch):
    monkeypatch.setenv("VNG_LLM", "openai")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["VNG_LLM_URL", "VNG_LLM_MODEL"]


@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://server/v1", "http://", "http://jan:geheim@server/v1", "http://[x"]
)
def test_an_address_that_is_none_is_refused(monkeypatch, url):
    for name, value in (("VNG_LLM", "ollama"), ("VNG_LLM_URL", url), ("VNG_LLM_MODEL", "proef")):
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "geheim" not in str(caught.value)


def test_the_key_is_never_shown(monkeypatch):
    for name, value in (
        ("VNG_LLM", "openai"),
        ("VNG_LLM_URL", "http://server/v1"),
        ("VNG_LLM_MODEL", "proef"),
        ("VNG_LLM_KEY", "s3cr3t"),
    ):
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert "s3cr3t" not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.llm_key is not None
    assert settings.llm_key.get_secret_value() == "s3cr3t"
    monkeypatch.setenv("VNG_LLM_SECONDS", "nul")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "s3cr3t" not in str(caught.value)
