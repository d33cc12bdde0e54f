"""What programs complain of, as they say it, and what is made of it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from recado.deploy.places import git_words, rsync_words, ssh
from recado.deploy.places.running import Ended
from recado.deploy.tree import AwayError

if TYPE_CHECKING:
    from pathlib import Path

_RSYNC = [
    (
        12,
        "rsync: connection unexpectedly closed (0 bytes received so far) [sender]\nrsync error: error in …",
        AwayError,
        "broke off",
    ),
    (30, "rsync error: timeout in data send/receive (code 30)", AwayError, "does not answer"),
    (255, "ssh: connect to host h port 22: Connection timed out", AwayError, "Connection timed out"),
    (255, "ssh: Could not resolve hostname h: Name or service not known", AwayError, "cannot be found"),
    (255, "Connection closed by 192.0.2.1 port 22", AwayError, "broke off"),
    (255, "me@h: Permission denied (publickey,password).", None, "lets nobody in with the keys"),
    (23, 'rsync: [Receiver] mkdir "/x" failed: Permission denied (13)', None, "cannot be written: .*mkdir"),
    (1, "mkdir: cannot create directory '/srv/x': Permission denied", None, "cannot be written: mkdir"),
    (1, "mkdir: cannot create directory '/srv/x': Read-only file system", None, "cannot be written"),
    (11, 'rsync: write failed on "/x": No space left on device (28)\nrsync error: …', None, "no room left"),
    (1, "cp: cannot create regular file: Disk quota exceeded", None, "no room left"),
    (127, "bash: line 1: rsync: command not found", None, "There is no rsync at"),
    (12, "sh: 1: rsync: not found\nrsync: connection unexpectedly closed", None, "There is no rsync at"),
    (2, "protocol version mismatch -- is your shell clean?", None, "start files"),
    (1, "rsync: unrecognized option `--out-format=%i %n'", None, "too old"),
    (1, "This service allows sftp connections only.", None, "runs no commands"),
    (24, "rsync warning: some files vanished before they could be transferred", AwayError, "changed while they were sent"),
    (1, "Warning: be nice\n** WARNING: quantum **\nsh: 3: cd: can't cd to x", None, "did not take the pages: sh: 3: cd"),
    (1, "mv: cannot stat 'releases/.20261124T084000Z-k7mf': No such file or directory", AwayError, "Somebody else deployed"),
    (255, "/home/m/.ssh/config: line 3: Bad configuration option: x\n…: terminating, 1 bad", None, "its own configuration"),
    (255, "@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", None, "another host key"),
]
_GIT = [
    ("fatal: could not read Username for 'https://h': terminal prompts disabled", None, "asks who you are"),
    ("remote: Invalid username or password.\nfatal: Authentication failed for 'https://h/'", None, "asks who you are"),
    ("remote: Repository not found.\nfatal: repository 'https://h/x/' not found", None, "no git repository"),
    ("ERROR: Permission to a/b.git denied to jane.\nfatal: Could not read from remote repository.", None, "You may not write"),
    ("fatal: unable to access 'https://h/': Could not resolve host: h", AwayError, "does not answer"),
    ("fatal: unable to access 'https://h/': The requested URL returned error: 503", AwayError, "does not answer"),
    ("fatal: unable to access 'https://h/': server certificate verification failed", None, "certificate verification failed"),
    ("send-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up", AwayError, "broke off"),
    ("error: failed to push\n ! [rejected] x -> pages (stale info)", AwayError, "at the same moment"),
    ("remote: error: GH006: Protected branch update failed for refs/heads/pages.", None, "Allow force pushes"),
    ("remote: fatal: write error: No space left on device", None, "no room left"),
]


@pytest.mark.parametrize(("status", "complaint", "kind", "said"), _RSYNC)
def test_what_rsync_or_ssh_complains_of_is_understood(
    status: int, complaint: str, kind: type[AwayError] | None, said: str
) -> None:
    error = rsync_words.refusal_of(Ended(status, b"", complaint), "me@h:/srv")
    assert isinstance(error, AwayError) == (kind is AwayError)
    with pytest.raises(type(error), match=said):
        raise error


@pytest.mark.parametrize(("complaint", "kind", "said"), _GIT)
def test_what_git_complains_of_is_understood(complaint: str, kind: type[AwayError] | None, said: str) -> None:
    error = git_words.refusal_of(Ended(128, b"", complaint), "https://jane:s3cret@h/x", "pages")
    assert isinstance(error, AwayError) == (kind is AwayError)
    assert "s3cret" not in str(error)
    with pytest.raises(type(error), match=said):
        raise error


@pytest.mark.skipif(shutil.which("ssh") is None, reason="ssh is not installed (apt-get install openssh-client)")
def test_a_server_is_lent_neither_keys_nor_screen_whatever_is_set_up(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("Host *\n  ForwardAgent yes\n  ForwardX11 yes\n", encoding="utf-8")
    command = ["ssh", *ssh.OPTIONS, "-F", str(tmp_path / "config"), "-G", "server"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603 (ssh)
    assert {"forwardagent no", "forwardx11 no", "batchmode yes"} <= set(told)
