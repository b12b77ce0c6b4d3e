"""What a figure depends on beside the rows: code, prompts, models, index and machine, each in a few characters."""

import hashlib
import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from agent.settings import Settings
from tools.models.chat_model_settings import ROLES
from tools.text.tokens import TOKENIZER_VERSION

_ROOT = Path(__file__).parent.parent
_PRODUCT = ("agent", "graph", "ingest", "tools")
_OBSERVING = (
    "product.py",
    "given_evidence.py",
    "hidden_documents.py",
    "corpora.py",
    "triple_documents.py",
    "tasks/asking.py",
)
_NO_MATTER = {
    *("home", "server_address", "lock_wait_seconds", "prices", "judge_model"),
    *("openai_api_key", "qdrant_api_key", "neo4j_password"),
    *("database_url", "qdrant_url", "neo4j_uri", "neo4j_username", "neo4j_database"),
}
"""Settings that say where things are kept, and who may read them."""
_JUDGING = ("judge.py", "judgements.py", "metrics/answered.py")
_SHOWN = 12


def product_versions(settings: Settings) -> dict[str, str]:
    """Whatever of the product could change what it does with a row; settings of stores that only hold are left out."""
    models = settings.chat_models
    used = {role: models.name_for(role) for role in ROLES}
    return {
        "code": _code_digest(*_PRODUCT),
        "prompts": digest_of((_ROOT / "prompts").rglob("*.md")),
        "tokenizer": str(TOKENIZER_VERSION),
        "embedding_model": settings.embedding_model_name or "none",
        "models": ", ".join(f"{role} {name}" for role, name in used.items() if name and role != "judge") or "none",
        "settings": _digest(settings.model_dump_json(exclude=_NO_MATTER)),
    }


def variants_version() -> str:
    """Of what an ablation leaves out, and how."""
    return digest_of([_ROOT / "evals" / "ablation.py"])


def storing_version(settings: Settings) -> str:
    """Of what decides how a document is stored and indexed."""
    return f"{_code_digest('ingest', 'tools')} {TOKENIZER_VERSION} {settings.embedding_model_name}"


def observing_version() -> str:
    """Of how the product is used by tasks, which is not the product's own code."""
    return digest_of(_ROOT / "evals" / name for name in _OBSERVING)


def judging_version() -> str:
    """Of what a judge is asked, and how its words are read; prompts are the product's."""
    return digest_of(_ROOT / "evals" / name for name in _JUDGING)


def machine_versions() -> dict[str, str]:
    """What times depend on."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _code_digest(*folders: str) -> str:
    return digest_of(path for folder in folders for path in (_ROOT / folder).rglob("*.py"))


def digest_of(paths: Iterable[Path]) -> str:
    """A digest of these files' names and contents, in whatever order they come."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\x00".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_SHOWN]


def key_of(values: Mapping[str, str]) -> str:
    """One digest for all of them."""
    text = "\n".join(f"{name}\x00{value}" for name, value in sorted(values.items()))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_SHOWN]
