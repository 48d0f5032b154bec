"""script/install with a cmake that only copies: what it leaves behind, and what it does not touch."""
import os
import pathlib
import shutil
import subprocess

import pytest

INSTALL = pathlib.Path(__file__).resolve().parents[2] / "script" / "install"
CMAKE = """#!/bin/sh
[ "$1" = --install ] || exit 0
for file in bin/truename share/man/man1/truename.1; do
    install -D /dev/null "$DESTDIR$4/$file" && echo "$4/$file"
done | head -c -1 >build/release/install_manifest.txt
"""


@pytest.fixture(name="install")
def played_install(tmp_path):
    """Runs the script in a source folder of its own, with PREFIX=/usr/local and a DESTDIR."""
    source = tmp_path / "source"
    (source / "script").mkdir(parents=True)
    (source / "build/release").mkdir(parents=True)
    shutil.copy(INSTALL, source / "script/install")
    for path, text in ((source / "script/setup", "#!/bin/sh\n"), (tmp_path / "path/cmake", CMAKE)):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(*arguments):
        environment = {**os.environ, "PATH": f"{tmp_path}/path:{os.environ['PATH']}", "DESTDIR": str(tmp_path / "root"), "PREFIX": "/usr/local"}
        return subprocess.run([source / "script/install", *arguments], env=environment, capture_output=True, text=True, check=True)

    run.place = tmp_path / "root/usr/local"
    return run


def below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_uninstall_removes_the_folders_that_were_made_and_no_others(install):
    (install.place / "bin").mkdir(parents=True)
    (install.place / "share/man").mkdir(parents=True)
    assert "2 files" in install().stdout
    install()  # again, over itself
    assert (install.place / "share/man/man1/truename.1").exists()
    install("--uninstall")
    assert below(install.place) == ["bin", "share", "share/man"]


def test_uninstall_keeps_a_folder_in_which_something_else_is(install):
    install()
    (install.place / "share/man/man1/other.1").write_text("")
    install("--uninstall")
    assert below(install.place) == ["share", "share/man", "share/man/man1", "share/man/man1/other.1"]
