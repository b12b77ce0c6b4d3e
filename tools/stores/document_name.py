"""How a document is named to users."""

from dataclasses import dataclass

from tools.shapes import Document


@dataclass(frozen=True, slots=True)
class DocumentName:
    """What tells users which document is meant."""

    id: str
    collection: str
    title: str

    @classmethod
    def of(cls, document: Document) -> "DocumentName":
        return cls(document.id, document.collection, document.title)

    def __str__(self) -> str:
        return f"'{self.title}' in '{self.collection}' ({self.id})"
