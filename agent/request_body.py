"""The body of a request, within bounds."""

from starlette.requests import Request


async def request_body(request: Request, most_bytes: int) -> bytes | None:
    """The whole body; None when it is longer than `most_bytes`, of which no more is read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            return None
    return bytes(body)
