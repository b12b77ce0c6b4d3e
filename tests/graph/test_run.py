import pytest

from graph.run import identity
from tools.access import Access
from tools.errors import InputError


def test_without_auth_it_is_the_local_user() -> None:
    assert identity({}) == Access()


def test_the_server_s_user_is_believed() -> None:
    user = {"identity": "lin", "groups": ["finance"]}
    assert identity({"configurable": {"langgraph_auth_user": user}}) == Access("lin", ("finance",))


def test_one_group_as_text_is_one_group() -> None:
    user = {"identity": "lin", "groups": "finance"}
    assert identity({"configurable": {"langgraph_auth_user": user}}).groups == ("finance",)


@pytest.mark.parametrize("user", [{}, {"identity": ""}, {"identity": None}])
def test_a_user_without_identity_is_nobody(user: dict[str, object]) -> None:
    with pytest.raises(InputError):
        identity({"configurable": {"langgraph_auth_user": user}})
