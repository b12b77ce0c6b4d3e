"""Files of the pack that no task measures, and why."""

from collections.abc import Mapping

NOT_MEASURED: Mapping[str, str] = {
    "text2cypher": "Signpost writes no Cypher: its knowledge graph is searched by the names in a question. The "
    "routing set holds questions of this kind, which are measured there.",
}
