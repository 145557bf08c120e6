"""The settings, from environment variables with prefix VNG_ or a file `.env`; see docs/handleiding/instellingen.md."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError
from assistant.llm.language_model import is_url

PLACES = frozenset(("data", "database"))  # settings that say where, not how


class Settings(BaseSettings):
    """Everything that can be set. The description of a field is what a person reads about it."""

    model_config = SettingsConfigDict(env_prefix="VNG_", env_file=".env", env_ignore_empty=True, extra="ignore")

    data: Path = Field(Path("data"), description="Map waarin de bibliotheek staat.")
    encoder: str = Field(
        "",
        description="Zoekmodel, dat op betekenis zoekt: leeg is het ingebouwde Nederlandse model; anders een map "
        "of naam van een sentence-transformers-model, of llama-index:pakket.module:Klasse?naam=waarde.",
    )
    encoder_query_prefix: str | None = Field(None, description="Wat het zoekmodel vóór een vraag wil zien.")
    encoder_passage_prefix: str | None = Field(None, description="Wat het zoekmodel vóór een passage wil zien.")
    reranker: str = Field(
        "",
        description="Model dat vraag en passage samen leest en de gevonden passages opnieuw ordent (cross-encoder): "
        "leeg is het ingebouwde; anders een map of naam van een sentence-transformers-model.",
    )
    thesaurus: Path | None = Field(
        None, description="Map met eigen bestanden voor de thesaurus, naast de ingebouwde; zie docs/handleiding."
    )
    allow_download: bool = Field(
        False, description="Of een model dat niet op deze computer staat, gedownload mag worden."
    )
    max_file_mb: int = Field(200, ge=1, description="Grootste bestand dat wordt gelezen, in MB.")
    read_seconds: float = Field(120, gt=0, description="Langste tijd voor het lezen van één bestand, in seconden.")
    read_memory_mb: int = Field(2048, ge=256, description="Meeste geheugen voor het lezen van één bestand, in MB.")
    workers: int = Field(
        2, ge=1, description="Aantal processen tegelijk, bij het lezen van bestanden en bij een evaluatie."
    )
    database: SecretStr | None = Field(
        None,
        description="Adres van de database met vragen en antwoorden: leeg is een bestand in de map van de bibliotheek; "
        "anders postgresql+psycopg://naam:wachtwoord@server/database. Wordt nergens getoond.",
    )
    mask: bool = Field(False, description="Of persoonsgegevens in vragen onleesbaar worden gemaakt voor het bewaren.")
    llm: Literal["", "openai", "ollama"] = Field(
        "",
        description="Soort taalmodel dat antwoorden schrijft: leeg is geen; openai is elke server met het protocol van "
        "OpenAI; ollama is Ollama.",
    )
    llm_url: str = Field(
        "", description="Adres van de server van het taalmodel, bijvoorbeeld http://localhost:8080/v1."
    )
    llm_model: str = Field("", description="Naam van het taalmodel op die server.")
    llm_key: SecretStr | None = Field(None, description="Sleutel voor die server; wordt nergens getoond.")
    llm_seconds: float = Field(60, gt=0, description="Langste tijd voor één antwoord van het taalmodel, in seconden.")
    llm_tokens: int = Field(800, ge=50, description="Langste antwoord van het taalmodel, in tokens (stukjes woord).")
    llm_context_words: int = Field(
        2500, ge=100, description="Hoeveel woorden uit de documenten het taalmodel bij een vraag te lezen krijgt."
    )

    @property
    def llm_secret(self) -> str | None:
        """The key itself; only for the connection to the server that it is for."""
        return self.llm_key.get_secret_value() if self.llm_key else None

    @property
    def database_address(self) -> str | None:
        """The address itself; only for the connection to the database."""
        return self.database.get_secret_value() if self.database else None

    def shown(self) -> dict[str, str]:
        """The settings that answers depend on, as they may be shown and kept: without secrets, and without places."""
        return {name: str(value) for name, value in self if name not in PLACES and value not in (None, "")}


def load_settings() -> Settings:
    """The settings in force. Raises SettingsError with a line a setting that cannot be used."""
    try:
        settings = Settings()  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as error:
        problems = tuple(
            f"VNG_{'_'.join(map(str, problem['loc'])).upper()}={problem['input']!r}: {problem['msg']}"
            for problem in error.errors()
        )
        raise SettingsError(problems) from None
    if problems := _language_model_problems(settings):
        raise SettingsError(problems)
    return settings


def _language_model_problems(settings: Settings) -> tuple[str, ...]:
    if not settings.llm:
        return ()
    problems = []
    if not is_url(settings.llm_url):
        problems.append(
            "VNG_LLM_URL: noem het adres van de server, zoals http://localhost:8080/v1, zonder naam of wachtwoord erin."
        )
    if not settings.llm_model.strip():
        problems.append("VNG_LLM_MODEL: noem het taalmodel.")
    return tuple(problems)
