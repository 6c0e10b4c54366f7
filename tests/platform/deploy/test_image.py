"""The image: locked wheels, no tools of development, an ordinary user; nothing of this machine goes into it."""

from __future__ import annotations

import re

from tests.running import ROOT

DOCKERFILE = (ROOT / "helm" / "Dockerfile").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()
STAGES = {re.search(r"AS (\w+)", stage)[1]: stage for stage in re.split(r"(?m)^FROM ", DOCKERFILE)[1:]}


def test_wheels_are_those_of_the_lock_by_their_hashes():
    assert "--require-hashes" in STAGES["wheels"]
    assert "-r requirements.lock" in STAGES["wheels"]
    installs = re.findall(r"pip install ([^&]+)", DOCKERFILE)
    assert installs
    assert all("--no-index" in line for line in installs)


def test_it_ends_as_an_ordinary_user_with_the_product_as_its_program():
    for name in ("app", "pgbouncer"):
        assert re.findall(r"(?m)^USER (.+)$", STAGES[name]) == ["10001:10001"]
    assert 'ENTRYPOINT ["asuso"]' in STAGES["app"]
    assert not re.search(r"(?i)(password|secret|token)\s*=", DOCKERFILE)


def test_what_it_copies_exists_and_is_let_through():
    let_through = {line[1:] for line in IGNORED if line.startswith("!")}
    copied = {word for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", DOCKERFILE) for word in line.split()[:-1]}
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)
    assert IGNORED[0] == "*"
