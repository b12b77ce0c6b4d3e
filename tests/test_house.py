"""The order of the house: who may import whom, what is packaged, what must not be said."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from agent.installation import FOLDERS, check_folders
from agent.settings import setting_names

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Each folder with those it may import, besides itself.
MAY_IMPORT = {
    "evals": {"agent", "graph", "ingest", "tools", "prompts"},
    "agent": {"graph", "ingest", "tools", "prompts"},
    "graph": {"tools", "prompts"},
    "ingest": {"tools", "prompts"},
    "tools": {"prompts"},
    "prompts": set(),
}
# The data shapes lie lowest, and texts below what uses them.
WITHIN_TOOLS = {
    "tools.errors": set(),
    "tools.extras": set(),
    "tools.access": {"tools.errors"},
    "tools.shapes": set(),
    "tools.breaker": set(),
    "tools.text": {"tools.shapes", "tools.errors"},
    "tools.stores": {"tools.shapes", "tools.errors", "tools.access", "tools.breaker", "tools.text"},
    "tools.models": {"tools.shapes", "tools.errors", "tools.breaker", "tools.text"},
    "tools.sources": {"tools.shapes", "tools.errors", "tools.access", "tools.text", "tools.stores", "tools.models"},
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def python_files() -> list[Path]:
    return [path for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Modules that a file imports, at its top or inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.add("." * node.level)
    return found


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_folder_imports_one_above_it(path: Path) -> None:
    folder = path.relative_to(ROOT).parts[0]
    tops = {module.split(".")[0] for module in imported(path)} & set(MAY_IMPORT)
    assert tops <= MAY_IMPORT[folder] | {folder}
    assert not any(module.startswith(".") for module in imported(path)), "import by full name"


@pytest.mark.parametrize("path", sorted((ROOT / "tools").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_order_within_tools(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    place = next((place for place in WITHIN_TOOLS if module == place or module.startswith(place + ".")), None)
    if place is None:
        assert path.name == "__init__.py"
        return
    for name in imported(path):
        if name.startswith("tools."):
            target = next(place for place in WITHIN_TOOLS if name == place or name.startswith(place + "."))
            assert target == place or target in WITHIN_TOOLS[place], f"{module} imports {name}"


def test_every_folder_is_packaged() -> None:
    """setuptools' own discovery would drop a folder called tools without a word."""
    on_disk = {".".join(path.parent.relative_to(ROOT).parts) for path in python_files()}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == on_disk
    assert all((ROOT / package.replace(".", "/") / "__init__.py").is_file() for package in on_disk)
    assert set(FOLDERS) == set(MAY_IMPORT)
    (pattern,) = PROJECT["tool"]["setuptools"]["package-data"]["prompts"]
    assert set((ROOT / "prompts").rglob("*.md")) == set((ROOT / "prompts").glob(pattern))


def test_the_folders_resolve_to_this_repository() -> None:
    check_folders()


def test_no_file_has_an_empty_name() -> None:
    assert [path for path in python_files() if path.stem in EMPTY_NAMES] == []


def test_the_wheel_is_private() -> None:
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


def test_the_graph_opens_nothing_when_it_is_imported() -> None:
    config = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))
    path, name = config["graphs"]["signpost"]["path"].split(":")
    assert (ROOT / path).is_file()
    assert name == "graph"
    assert "agent.resources" in imported(ROOT / path)
    (app, app_name) = config["http"]["app"].split(":")
    assert (ROOT / app).is_file()
    assert app_name == "app"


def test_env_example_lists_every_setting() -> None:
    listed = set(re.findall(r"^#? ?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    assert listed == set(setting_names())


def test_requirements_are_locked() -> None:
    locked = {
        re.split(r"[=<>@ ]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = PROJECT["project"]["dependencies"] + extras["eval"] + extras["test"] + extras["test-all"]
    names = {re.split(r"[\[=<>~! ;]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names <= locked
    assert "torch" not in locked


def tracked_text() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [
        name for name in listed.stdout.splitlines() if name.endswith((".py", ".md", ".toml", ".txt", ".csv", ".json"))
    ]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_nothing_names_the_machine_it_was_written_on() -> None:
    outsiders = re.compile(r"/work/|/root/|\.library|\b(?:TODO|FIXME|XXX)\b")
    for path in tracked_text():
        if path != Path(__file__):
            found = outsiders.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{path.relative_to(ROOT)}: {found.group() if found else ''}"


def test_both_readmes_say_the_same() -> None:
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    chinese = (ROOT / "README.zh.md").read_text(encoding="utf-8")

    def commands(text: str) -> list[str]:
        lines = [line for block in re.findall(r"```(?:bash|sh)\n(.*?)```", text, re.S) for line in block.splitlines()]
        return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]

    def outline(text: str) -> list[int]:
        return [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]

    assert [line.split('"')[0] for line in commands(english)] == [line.split('"')[0] for line in commands(chinese)]
    assert outline(english) == outline(chinese)
    assert re.findall(r"`([a-z_/]+\.(?:py|md|json))`", english) == re.findall(r"`([a-z_/]+\.(?:py|md|json))`", chinese)
