"""The first hour, word by word: somebody with the wheel and an empty home types what the guide says, and gets there."""

from __future__ import annotations

import os
import re
import shutil
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from guide import steps_of
from newcomer import Newcomer
from own_wheel import ROOT, build_wheel
from post_office import ADDRESS, EXCHANGER, PASSWORD, PostOffice, post_office
from static_host import static_host
from web_server import free_port, program, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from guide import Step
    from playwright.sync_api import Browser, HttpCredentials, ViewportSize

pytestmark = pytest.mark.e2e

GUIDES = {"en": "first-hour.md", "es": "primera-hora.md"}
# What `recado ingest` is said to say, and the system's language.
PROMISED = {"en": "new task", "es": "tarea nueva"}
LOCALE = {"en": "en_GB.UTF-8", "es": "es_ES.UTF-8"}
FIRST, SECOND = "A table for two", "And a taxi"
PHONE: ViewportSize = {"width": 390, "height": 844}
# To each question of `recado init`, until the client's: what stands in brackets is taken by ''.
ABOUT_ANA = ("Ana Vega", "", "ana@ana.example", "", "Europe/Madrid", "", "", "127.0.0.1", "")
ABOUT_LOLA = ("Tejada, S. L.", "", "Lola Tejada", "lola@tejada.example")
CAPITALS = re.compile(r"(?<![$\w])[A-Z]{2,}(?!\w)")
VARIABLES = {"PATH"}
ADDRESS_IN_LETTER = re.compile(r"^http://127\.0\.0\.1:\S+$", re.MULTILINE)
PASSWORD_IN_LETTER = re.compile(r"^(?:[a-z0-9]{5}-){3}[a-z0-9]{5}$", re.MULTILINE)


# A Caddy that serves its own page, as Debian's does once it is installed.
CADDYFILE = """\
{{
	admin 127.0.0.1:{admin}
	storage file_system {folder}/storage
	skip_install_trust
}}

http://127.0.0.1:{welcome} {{
	respond "It works"
}}

"""


@dataclass
class Hour:
    """What is known on the way. `words`: what stands for each word in capitals and each address of the world."""

    language: str
    newcomer: Newcomer
    post: PostOffice
    words: dict[str, str]
    letters: list[str] = field(default_factory=list)

    def follow(self, chapter: str) -> None:
        steps = [step for step in steps_of(ROOT / "docs" / GUIDES[self.language]) if step.chapter == chapter]
        assert steps
        for step in steps:
            assert step.text in WHAT_TO_DO, f"The guide has a step that is not followed here:\n{step.text}"
            assert set(CAPITALS.findall(step.text)) <= VARIABLES | self.words.keys() | {"NAME"}
            if step.kind == "yaml" and step.text.startswith("  "):
                assert f"`#{step.text.split(':')[0].strip()}`" in step.before
            WHAT_TO_DO[step.text](self, self.filled(step))

    def filled(self, step: Step) -> str:
        text = step.text
        for word in sorted(self.words, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", self.words[word].replace("\\", r"\\"), text)
        return text

    def type(self, text: str) -> None:
        self.newcomer.type(text)

    def write(self, text: str) -> None:
        self.newcomer.write_into_practice(text)

    def tasks(self) -> list[str]:
        return sorted(task.read_text(encoding="utf-8") for task in self.newcomer.workspace.glob("portal_src/tejada/tasks/*.md"))

    def install(self, text: str) -> None:
        assert "recado, vers" in self.newcomer.type(text)
        where = self.newcomer.type("which recado; ~/recado/bin/python -c 'import recado; print(recado.__file__)'")
        assert where.count(str(self.newcomer.home / "recado")) == 2

    def demo(self, text: str) -> None:
        assert "Casa Tomillo" in self.newcomer.type(text)

    def begin(self, text: str) -> None:
        self.newcomer.type(text, answers=ABOUT_ANA + ABOUT_LOLA)
        # The mailbox is at a port of this machine, where no TLS is needed.
        file = self.newcomer.workspace / "clients.yml"
        written = file.read_text(encoding="utf-8")
        here = f'  host: "127.0.0.1"\n  port: {self.post.imap_port}\n  security: none\n'
        assert written.count('  host: "127.0.0.1"\n') == 1
        file.write_text(written.replace('  host: "127.0.0.1"\n', here), encoding="utf-8")

    def ask_doctor(self, text: str) -> None:
        self.post.bring_forwarded(FIRST)
        assert f"trust: {{authserv_id: {EXCHANGER}}}" in self.newcomer.type(text)

    def file_first(self, text: str) -> None:
        said = self.newcomer.type(text)
        assert not re.search(r"^[!✗]", said, re.MULTILINE), said
        guide = (ROOT / "docs" / GUIDES[self.language]).read_text(encoding="utf-8")
        assert f"`{PROMISED[self.language]}`" in guide
        assert PROMISED[self.language] in said
        (task,) = self.tasks()
        assert FIRST in task

    def look(self, text: str) -> None:
        with self.newcomer.left_running(f"{text} --port 0") as serving:  # another may have its own port here
            assert serving.stdout is not None
            address = next(filter(None, (re.search(r"http://\S+/tejada/", line) for line in serving.stdout)))
            with urllib.request.urlopen(address.group(), timeout=60) as page:  # noqa: S310 (ours)
                assert FIRST in page.read().decode()

    def greet(self, text: str) -> None:
        assert "Hi ana!" in self.newcomer.type(text, status=1)  # as GitHub's does, which gives no shell

    def try_another_host(self, text: str) -> None:
        file = self.newcomer.workspace / "clients.yml"
        before = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^places:\n  .*$", lambda _old: text, before), encoding="utf-8")
        assert "wrangler" in file.read_text(encoding="utf-8")
        self.newcomer.type("recado deploy --dry-run")
        file.write_text(before, encoding="utf-8")

    def get_letter(self, text: str) -> None:
        letter = self.newcomer.type(text)
        assert ADDRESS in letter
        self.letters.append(letter)

    def go_on(self, text: str) -> None:
        with self.newcomer.left_running(text) as run:
            assert run.stdout is not None
            next(line for line in run.stdout if str(self.newcomer.workspace) in line)  # it has begun
            self.post.bring(SECOND)
            next(line for line in run.stdout if "TEJA-2" in line)  # filed
            next(line for line in run.stdout if re.search(r" (web|server): ", line))  # published
        assert SECOND in self.tasks()[1]

    def serve_for_good(self, text: str) -> None:
        if Path("/run/systemd/system").is_dir():
            self.newcomer.type(text)
            assert list(self.newcomer.home.glob(".config/systemd/user/recado-*.service"))
        else:
            assert "@reboot" in self.newcomer.type(text, status=1)


WHAT_TO_DO: dict[str, Callable[[Hour, str], None]] = {
    # 1
    "sudo apt install python3-venv git": Hour.type,
    "python3 -m venv ~/recado\n~/recado/bin/pip install WHEEL\n"
    'export PATH="$HOME/recado/bin:$PATH"\nrecado --version': Hour.install,
    "recado demo": Hour.demo,
    # 2
    "recado init ~/my-practice": Hour.begin,
    "cd ~/my-practice\nexport RECADO_IMAP_PASSWORD='PASSWORD'": Hour.type,
    "recado doctor": Hour.ask_doctor,
    "  trust: {authserv_id: mx.marta.example}": Hour.write,
    "recado doctor\nrecado ingest": Hour.file_first,
    "recado serve": Hour.look,
    # 3a
    "ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519\ncat ~/.ssh/id_ed25519.pub": Hour.type,
    "ssh -T git@github.com": Hour.greet,
    "  portal_url: https://NAME.github.io/portals": Hour.write,
    'places:\n  web: {kind: git, remote: "git@github.com:NAME/portals.git", branch: pages, access: encrypted}': Hour.write,
    "recado deploy": Hour.type,
    'places:\n  web: {kind: command, run: [wrangler, pages, deploy, "{folder}", --project-name, portals], access: encrypted}': (
        Hour.try_another_host
    ),
    # 3b
    'sudo apt install caddy\nsudo install -d -o "$USER" -g caddy -m 2750 /srv/portal': Hour.type,
    "  portal_url: https://portal.marta.example": Hour.write,
    "places:\n  server: {kind: directory, path: /srv/portal, access: caddy, "
    "reload: [caddy, reload, --config, /etc/caddy/Caddyfile]}": Hour.write,
    "echo 'import /srv/portal/server/Caddyfile' | sudo tee -a /etc/caddy/Caddyfile\nrecado deploy": Hour.type,
    # 3a, 3b, 4
    "recado access link CLIENT": Hour.get_letter,
    "recado access rotate CLIENT --yes\nrecado deploy\nrecado access link CLIENT": Hour.get_letter,
    # 5
    "recado run": Hour.go_on,
    "recado service install": Hour.serve_for_good,
    "recado status": Hour.type,
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel"))


@pytest.fixture(
    scope="module", params=[pytest.param(each, marks=pytest.mark.xdist_group(f"first hour {each}")) for each in GUIDES]
)
def begun(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hour]:
    """Follow a guide to where it parts."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed (apt-get install openssh-client)")
    folder = tmp_path_factory.mktemp("newcomer")
    words = {"WHEEL": str(wheel), "PASSWORD": PASSWORD, "CLIENT": "tejada", "mx.marta.example": EXCHANGER}
    with post_office() as post:
        hour = Hour(request.param, Newcomer(folder, LOCALE[request.param]), post, words)
        hour.follow("1")
        hour.follow("2")
        shutil.copytree(hour.newcomer.workspace, folder / "begun", symlinks=True)
        yield hour


@pytest.fixture
def hour(begun: Hour) -> Hour:
    """Go back to where the guide parts."""
    home = begun.newcomer.home
    shutil.rmtree(begun.newcomer.workspace)
    shutil.copytree(home.parent / "begun", begun.newcomer.workspace, symlinks=True)
    for made in (".local", ".config", ".ssh"):
        shutil.rmtree(home / made, ignore_errors=True)
    (home / ".ssh").mkdir(mode=0o700)
    return Hour(begun.language, begun.newcomer, begun.post, dict(begun.words))


def test_the_portals_of_a_newcomer_open_at_a_static_host_for_who_has_the_link(
    hour: Hour, tmp_path: Path, browser: Browser
) -> None:
    with static_host(tmp_path) as host:
        hour.words |= {"git@github.com:NAME/portals.git": str(host.repository), "https://NAME.github.io": host.address}
        for chapter in ("3a", "4", "5"):
            hour.follow(chapter)
        published = b"".join(file.read_bytes() for file in host.shown.rglob("*") if file.is_file())
        assert FIRST.encode() not in published
        first, *_others, last = (ADDRESS_IN_LETTER.search(letter) for letter in hour.letters)
        assert first is not None
        assert last is not None
        assert "#" in last.group()
        assert last.group() != first.group()
        expect_requests(browser, last.group())


def test_the_portals_of_a_newcomer_open_at_a_small_server_for_who_has_the_password(
    hour: Hour, tmp_path: Path, browser: Browser
) -> None:
    name = program("caddy")
    if name is None:
        pytest.skip("Debian's caddy is not installed (apt-get install caddy)")
    configuration, portal, welcome = tmp_path / "Caddyfile", tmp_path / "portal", free_port()
    configuration.write_text(CADDYFILE.format(admin=free_port(), folder=tmp_path, welcome=welcome), encoding="utf-8")
    hour.words |= {
        "https://portal.marta.example": f"http://127.0.0.1:{free_port()}",
        "/srv/portal": str(portal),
        "/etc/caddy/Caddyfile": str(configuration),
        "-g caddy": f"-g {os.getegid()}",
    }
    told = ("--config", str(configuration), "--adapter", "caddyfile")
    with running((name, "run", *told), tmp_path, welcome, (name, "reload", *told)):
        for chapter in ("3b", "4", "5"):
            hour.follow(chapter)
        address, password = ADDRESS_IN_LETTER.search(hour.letters[-1]), PASSWORD_IN_LETTER.search(hour.letters[-1])
        assert address is not None
        assert password is not None
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(address.group(), timeout=60)  # noqa: S310 (ours)
        expect_requests(browser, address.group(), "tejada", password.group())


def test_the_guide_has_the_same_steps_in_both_languages() -> None:
    english, spanish = (
        [(step.chapter, step.kind, step.text) for step in steps_of(ROOT / "docs" / name)] for name in GUIDES.values()
    )
    assert english == spanish
    assert {text for _chapter, _kind, text in english} == WHAT_TO_DO.keys()


def expect_requests(browser: Browser, address: str, user: str = "", password: str = "") -> None:
    """Open a portal on a phone: both requests that came by mail stand there."""
    credentials: HttpCredentials | None = {"username": user, "password": password} if user else None
    context = browser.new_context(viewport=PHONE, http_credentials=credentials)
    try:
        page = context.new_page()
        page.goto(address)
        for subject in (FIRST, SECOND):
            page.get_by_text(subject).first.wait_for()
        page.get_by_text(SECOND).first.click()
        page.get_by_role("heading", name=SECOND).wait_for()
    finally:
        context.close()
