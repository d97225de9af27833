"""Which language model writes, if any: values from the environment alone, never from a request."""

from __future__ import annotations

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError
from index.sources.links import web_address

PREFIX = "QA_LLM_"


class LlmSettings(BaseSettings):
    """A server that speaks OpenAI's chat protocol. Each is `QA_LLM_` and its name.

    Attributes:
        url: Its address up to where `/chat/completions` follows, such as `http://127.0.0.1:11434/v1`.
        model: As the server names it.
        key: For servers that ask for one.
        seconds: The longest silence, and how long after the question no more is read.
        max_tokens: Longest text that is asked for.
        prompt_tokens: How much of the passages is sent, four characters counted as a token.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str
    model: str = Field(min_length=1)
    key: SecretStr | None = None
    seconds: float = Field(default=60, gt=0)
    max_tokens: int = Field(default=500, gt=0)
    prompt_tokens: int = Field(default=3_000, gt=0)

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, url: str) -> str:
        if web_address(url) is None:
            raise ValueError("no web address such as http://127.0.0.1:11434/v1")
        return url


def llm_settings() -> LlmSettings:
    """What the environment says.

    Raises:
        SettingsError: A value is missing or out of range; values are not shown, for one may be a key.
    """
    try:
        return LlmSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{'_'.join(map(str, first['loc']))}".upper()
        raise SettingsError(
            f"the language model's setting is wrong: {first['msg']}", where=name, remedy="See README.md."
        ) from None
