"""Deterministic ids: the same input has the same id on every machine, in every run."""

import hashlib
import uuid

_NAMESPACE = uuid.UUID("5f9c3c1e-6d2b-5e0a-9b1e-7a1f0c5d2e11")


def content_hash(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def document_id(collection: str, key: str) -> str:
    """Id of the document with this key (a path or address) in this collection."""
    return "doc-" + hashlib.sha256(f"{collection}\x00{key}".encode()).hexdigest()[:16]


def chunk_id(document: str, text: str, repeat: int = 0) -> str:
    """UUID of a chunk. `repeat` tells apart equal texts within one document (0 for the first)."""
    return str(uuid.uuid5(_NAMESPACE, f"chunk\x00{document}\x00{repeat}\x00{text}"))


def fact_id(chunk: str, head: str, relation: str, tail: str) -> str:
    """Id of a fact read from a chunk."""
    return "fact-" + hashlib.sha256(f"{chunk}\x00{head}\x00{relation}\x00{tail}".encode()).hexdigest()[:16]


def web_passage_id(user: str, url: str, text: str) -> str:
    """UUID of a web page as one user saw it."""
    return str(uuid.uuid5(_NAMESPACE, f"web\x00{user}\x00{url}\x00{text}"))
