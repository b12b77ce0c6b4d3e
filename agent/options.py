"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Collections = Annotated[
    list[str] | None, typer.Option("--collection", help="Search only this collection; may be given several times.")
]
Include = Annotated[
    list[str] | None,
    typer.Option("--include", help="Of folders read only files that this pattern names; may be given several times."),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Of folders leave out what this pattern names; may be given several times."),
]
AddedTo = Annotated[str, typer.Option("--collection", help="The collection that the documents belong to.")]
Readers = Annotated[
    str | None,
    typer.Option(
        help="Who may read them: everyone, user:ID or group:ID, separated by commas. "
        "Without it new files are for everyone, and files added before keep their readers."
    ),
]
Split = Annotated[
    str | None,
    typer.Option(
        help="How the text is split: auto (by its content), structure, fixed, semantic, code, law, sections, "
        "questions or tables. Without it files added before are split as they were asked to be then."
    ),
]
Loader = Annotated[
    str,
    typer.Option(
        help="The dotted name of a LangChain document loader that reads each PATH, a file, folder or address, in "
        "place of Signpost's own."
    ),
]
Batch = Annotated[
    Path | None, typer.Option("--batch", help='Read rows {"id", "question", "history"?} from this .jsonl file.')
]
Out = Annotated[Path | None, typer.Option("--out", help="Write one row for each row of --batch to this .jsonl file.")]
Concurrency = Annotated[int, typer.Option("--concurrency", min=1, max=64, help="Rows of --batch worked on at a time.")]
Thread = Annotated[
    str | None, typer.Option("--thread", help="Name of a conversation: its earlier turns are remembered.")
]
Route = Literal["auto", "vector", "graph", "web", "direct"]
WebPolicy = Annotated[
    Literal["auto", "ask", "never"],
    typer.Option(
        help="auto: news, weather and the like go to the web at once, other questions only after your documents and "
        "with your permission; ask: always asked first; never: no web."
    ),
]
Judgement = Annotated[
    Literal["unsure", "always"],
    typer.Option(help="When a language model judges, if one is set: where the rules are unsure, or every step."),
]
Model = Annotated[str, typer.Option("--model", help="One of the configured models, for all roles.")]

DEFAULT_CONCURRENCY = 4
