"""The settings, from environment variables with prefix VNG_ or a file `.env`; see docs/handleiding/instellingen.md."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError


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
    workers: int = Field(2, ge=1, description="Aantal bestanden dat tegelijk wordt gelezen.")


def load_settings() -> Settings:
    """The settings in force. Raises SettingsError with a line a setting that cannot be used."""
    try:
        return Settings()  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as error:
        problems = tuple(
            f"VNG_{'_'.join(map(str, problem['loc'])).upper()}={problem['input']!r}: {problem['msg']}"
            for problem in error.errors()
        )
        raise SettingsError(problems) from None
