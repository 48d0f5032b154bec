"""The files of the Debian package agree with the build. script/lib/package_test tries the package itself (script/test --full)."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTROL = (ROOT / "debian/control").read_text()


def test_the_package_has_the_version_of_the_program():
    version = re.search(r"project\(truename VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert re.match(rf"truename \({re.escape(version)}\) ", (ROOT / "debian/changelog").read_text())


def test_what_setup_installs_to_build_is_what_the_package_says_it_needs():
    groups = (ROOT / "script/setup").read_text()
    needed = re.search(r"Build-Depends:(.*?)\n\S", CONTROL, re.DOTALL)[1]
    needed = {name.split()[0] for name in needed.split(",")} - {"debhelper-compat"}
    installed = set(re.search(r'\[build\]="([^"]*)"', groups)[1].split())
    assert needed == installed - {"g++"}, "g++ is there wherever packages are built"


def test_every_timer_is_stopped_when_the_package_is_removed():
    timers = {path.name for path in (ROOT / "systemd").glob("*.timer")}
    assert timers and set(re.findall(r"truename-\S+\.timer", (ROOT / "debian/truename.prerm").read_text())) == timers


def test_a_library_that_is_loaded_when_needed_is_a_dependency():
    """dpkg-shlibdeps sees only what the program is linked with."""
    loaded = set(re.findall(r'LoadedLibrary \w+\("(lib[a-z]+)\.so\.(\d+)"', "".join(p.read_text() for p in (ROOT / "src").rglob("*.cpp"))))
    assert loaded == {("libcurl", "4"), ("libunbound", "8")}
    assert re.search(r"^Depends: libcurl4, libunbound8,", CONTROL, re.MULTILINE)


def test_package_test_says_what_it_needs(tmp_path):
    script = ROOT / "script/lib/package_test"
    assert subprocess.run([script], capture_output=True, check=False).returncode == 64
    run = subprocess.run([script, tmp_path / "none.deb"], capture_output=True, text=True, check=False)
    assert run.returncode == 66 and "none.deb" in run.stderr
