"""The static files: hashed names work, symbols exist, colors live in one file, scripts stay small."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared.ui.templatetags.ui import SCRIPTS, STYLES

UI = Path(__file__).parents[3] / "shared" / "ui"
STATIC = UI / "static" / "ui"
ROOT = UI.parents[1]
ROOMS = ("shared", "tenants", "municipality", "region", "platform")
TEMPLATES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("templates/**/*.html"))
ICON = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']|icon(?:_name)?=["']([\w-]+)["']""")

COLLECT = """
import sys, django
from django.conf import settings
from django.core.management import call_command
settings.configure(
    SECRET_KEY="static", STATIC_URL="/static/", STATIC_ROOT=sys.argv[1],
    INSTALLED_APPS=["django.contrib.staticfiles", "shared.ui"],
    STORAGES={"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}},
)
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
"""


def test_every_file_gets_a_hashed_name_and_every_address_inside_resolves(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", COLLECT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for name in ("ui/icons.svg", "ui/favicon.svg", "ui/vendor/htmx.min.js", *(f"ui/css/{n}.css" for n in STYLES)):
        assert re.search(r"\.[0-9a-f]{12}\.", paths[name]), name
    tokens = (tmp_path / paths["ui/css/tokens.css"]).read_text()
    fonts = re.findall(r'url\("\.\./fonts/([^"]+)"\)', tokens)
    assert len(fonts) == 4
    assert all((tmp_path / "ui" / "fonts" / font).exists() and re.search(r"\.[0-9a-f]{12}\.", font) for font in fonts)


def test_every_script_is_loaded_by_the_kit_or_by_a_page() -> None:
    assert len(SCRIPTS) == len(set(SCRIPTS))
    sources = "".join(path.read_text() for path in TEMPLATES)
    present = {path.stem for path in (STATIC / "js").glob("*.js")}
    assert set(SCRIPTS) <= present
    assert [name for name in present - set(SCRIPTS) if f"'ui/js/{name}.js'" not in sources] == []


def test_every_stylesheet_is_a_part_of_the_kit_or_of_a_module() -> None:
    modules = {"registry", "monitor", "orders", "fedform", "public", "rights"}
    assert {path.stem for path in (STATIC / "css").glob("*.css")} == set(STYLES) | modules


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_one_short_behavior_that_imports_nothing(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) < 100
    assert re.search(r"^\s*(import|export)\b|\beval\(|innerHTML\s*=", source, re.MULTILINE) is None


@pytest.mark.parametrize("path", sorted((STATIC / "css").glob("*.css")), ids=lambda path: path.name)
def test_colors_are_written_in_tokens_alone(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    if path.name != "tokens.css":
        assert re.search(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", source) is None
    assert source.lstrip().startswith("@layer")
    assert source.count("{") == source.count("}")


def test_every_variable_that_is_used_is_defined() -> None:
    sheets = "".join(path.read_text() for path in (STATIC / "css").glob("*.css"))
    used = set(re.findall(r"var\((--[\w-]+)\)", sheets))
    assert used - set(re.findall(r"(--[\w-]+)\s*:", sheets)) == set()


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "icons.svg").read_text()))
    wanted = {a or b for path in TEMPLATES for a, b in ICON.findall(path.read_text())}
    assert wanted - sprite == set()


def test_templates_carry_no_code_and_no_style_beyond_values() -> None:
    code = re.compile(r"<script(?![^>]*\ssrc=)|<style|\son(?!e\b)[a-z]+=[\"']|hx-on|javascript:", re.IGNORECASE)
    guilty = [str(path.relative_to(ROOT)) for path in TEMPLATES if code.search(path.read_text())]
    assert guilty == []


def test_licenses_travel_with_what_they_cover() -> None:
    assert (STATIC / "vendor" / "LICENSE-htmx.txt").exists()
    assert (STATIC / "vendor" / "LICENSE-tabler-icons.txt").exists()
    assert (STATIC / "fonts" / "OFL-golos-text.txt").exists()
