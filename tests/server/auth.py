"""Authentication for the tests' server: a token is a user, threads belong to whoever made them."""

from typing import Any

from langgraph_sdk import Auth

auth = Auth()

USERS = {
    "token-of-lin": {"identity": "lin", "groups": ["finance"]},
    "token-of-wang": {"identity": "wang", "groups": []},
}


@auth.authenticate
async def authenticate(authorization: str | None) -> dict[str, Any]:
    """The user of the bearer token."""
    user = USERS.get((authorization or "").removeprefix("Bearer "))
    if user is None:
        raise Auth.exceptions.HTTPException(status_code=401, detail="Unknown token.")
    return dict(user)


@auth.on
async def refuse(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> bool:
    """What is not allowed below is refused."""
    return False


@auth.on.assistants.read
@auth.on.assistants.search
async def read_assistants(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> bool:
    """The graph itself is everybody's."""
    return True


@auth.on.threads
async def own_threads(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> dict[str, str]:
    """What is made is marked with its owner, and only that is found."""
    owner = {"owner": ctx.user.identity}
    # Changed in place: the server keeps the dict that it has given.
    value.setdefault("metadata", {}).update(owner)
    return owner
