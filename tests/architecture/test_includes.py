"""docs/architecture.md against what the compiler really included: modules only look down, foreign headers stay behind their walls."""
import functools
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TRUENAME_BUILD") or ROOT / "build" / "dev").resolve()
PAGE = (ROOT / "docs" / "architecture.md").read_text()

# Files that may see a heavy header although their module as a whole may not: each module's one file for it, and programs of the build.
TOML_FILES = re.compile(r"src/[a-z0-9]+/toml_in\.cpp|src/[a-z0-9]+/\w*toml\w*\.cpp|src/[a-z0-9]+/generate/\w+\.cpp")
JSON_FILES = re.compile(r"src/[a-z0-9]+/json_in\.cpp|src/[a-z0-9]+/\w*json\w*\.cpp")
# Foreign folder or header, and who may include it: a set of modules or a pattern for source files.
WALLS = {
    "openssl/": {"crypto", "net"},
    "boost/asio": {"net"},
    "boost/": {"net"},
    "curl/": re.compile(r"src/net/https_client\.cpp"),
    "unbound.h": re.compile(r"src/net/dns_client\.cpp"),
    "nlohmann/": JSON_FILES,
    "toml++/": TOML_FILES,
    "CLI/": set(),
    "idn2.h": {"x509"},
    "unicase.h": {"x509"},
    "uninorm.h": {"x509"},
}


def table_of_modules():
    """module -> what it stands on, from the page's table."""
    rows = re.findall(r"^\| (\d) \| `(\w+)` \|[^|]*\| ([^|]*) \|$", PAGE, re.MULTILINE)
    return {name: set(re.findall(r"\w+", uses)) for _, name, uses in rows}


MODULES = table_of_modules()


def closure(module):
    """Everything that a module may include: itself, what it stands on, and what that stands on."""
    seen, todo = set(), [module]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += MODULES.get(name, ())
    return seen


@functools.lru_cache
def dependencies():
    """source file -> the files that it included, for the objects of src/, from the compiler's own lists."""
    text = subprocess.run(["ninja", "-C", str(BUILD), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    result = {}
    for block in text.split("\n\n"):
        lines = block.strip().splitlines()
        if not lines or not lines[0].startswith("src/"):
            continue
        files = [str(pathlib.Path(line.strip())) for line in lines[1:]]
        files = [str((BUILD / file).resolve()) if not file.startswith("/usr/") else file for file in files]
        source = next((file for file in files if file.endswith(".cpp") and file.startswith(str(ROOT / "src"))), None)
        if source and pathlib.Path(source).exists():
            result[str(pathlib.Path(source).relative_to(ROOT))] = files
    return result


@pytest.fixture(autouse=True, scope="module")
def needs_a_build():
    if not (BUILD / "build.ninja").exists():
        pytest.skip("there is no build to look at: cmake --preset dev && cmake --build --preset dev")


def test_the_page_names_every_module_and_no_other():
    folders = {path.parent.name for path in (ROOT / "src").glob("*/CMakeLists.txt")}
    assert folders <= set(MODULES), f"docs/architecture.md does not name: {folders - set(MODULES)}"


def test_the_compiler_saw_every_module():
    """Else the tests below would pass by looking at nothing."""
    seen = {source.split("/")[1] for source in dependencies()}
    folders = {path.parent.name for path in (ROOT / "src").glob("*/CMakeLists.txt") if any(path.parent.glob("*.cpp"))}
    assert seen == folders


def test_modules_include_only_what_they_may():
    wrong = []
    for source, files in dependencies().items():
        allowed = closure(source.split("/")[1])
        for file in files:
            if file.startswith(str(ROOT / "src") + "/"):
                module = pathlib.Path(file).relative_to(ROOT / "src").parts[0]
                if module not in allowed:
                    wrong.append(f"{source} includes {pathlib.Path(file).relative_to(ROOT)}")
    assert wrong == []


@pytest.mark.parametrize("prefix", WALLS)
def test_foreign_headers_stay_behind_their_walls(prefix):
    allowed = WALLS[prefix]
    wrong = []
    for source, files in dependencies().items():
        good = source.split("/")[1] in allowed if isinstance(allowed, set) else allowed.fullmatch(source)
        hits = [file for file in files if file.startswith("/usr/include") and re.search(rf"/include/(?:[^/]*-linux-gnu/)?{re.escape(prefix)}", file)]
        if hits and not good:
            wrong.append(f"{source} sees {hits[0]}")
    assert wrong == []


@pytest.mark.parametrize("module", ["base"])
def test_headers_of_base_show_nothing_foreign(module):
    for header in (ROOT / "src" / module).glob("*.h"):
        for name in re.findall(r"^#include [<\"]([^>\"]+)[>\"]", header.read_text(), re.MULTILINE):
            assert name.startswith(module + "/") or "/" not in name and not name.endswith(".h"), f"{header}: {name}"


def test_no_regex_of_the_standard_library():
    """It costs a second and more a file, and it recurses on what comes from outside."""
    assert [source for source, files in dependencies().items() if any(file.endswith("/c++/12/regex") for file in files)] == []


HEADERS = sorted(path.relative_to(ROOT / "src") for path in (ROOT / "src").rglob("*.h"))


def test_a_source_file_includes_its_own_header_first():
    """Then the build itself has shown that this header compiles alone."""
    first = {
        header: re.search(r"^#include (.*)$", (ROOT / "src" / header).with_suffix(".cpp").read_text(), re.MULTILINE)[1]
        for header in HEADERS
        if (ROOT / "src" / header).with_suffix(".cpp").exists()
    }
    assert first and first == {header: f'"{header}"' for header in first}


@pytest.mark.parametrize("header", [str(header) for header in HEADERS if not (ROOT / "src" / header).with_suffix(".cpp").exists()])
def test_a_header_without_a_source_file_compiles_alone(header):
    command = ["c++", "-std=c++20", "-fsyntax-only", "-I", str(ROOT / "src"), "-x", "c++", "-"]
    done = subprocess.run(command, input=f'#include "{header}"\n', capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
