"""Which build this is, told by a build's file or by a checkout."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib import metadata

from desktop_app import config, version

COMMIT = "1f0c9a22be" * 4


def checkout(folder, head, **files):
    (folder / "HEAD").parent.mkdir(parents=True, exist_ok=True)
    (folder / "HEAD").write_text(head + "\n", encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("__", "/")).parent.mkdir(parents=True, exist_ok=True)
        (folder / name.replace("__", "/")).write_text(content + "\n", encoding="utf-8")


def test_a_build_says_version_commit_and_day(tmp_path):
    content = {"version": "9.8.7", "commit": COMMIT, "date": "2020-11-05"}
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "build.json").write_text(json.dumps(content), encoding="utf-8")
    assert version.describe(tmp_path) == "training-client 9.8.7 (1f0c9a22be)"
    assert version.build_date(tmp_path) == date(2020, 11, 5)


def test_a_build_from_a_changed_tree_says_so(tmp_path):
    content = {"version": "9.8.7", "commit": COMMIT, "date": "2020-11-05", "changed": "yes"}
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "build.json").write_text(json.dumps(content), encoding="utf-8")
    told = "training-client 9.8.7 (1f0c9a22be with changes that are in no commit)"
    assert version.describe(tmp_path) == told


def test_a_checkout_says_the_commit_of_its_branch(tmp_path):
    checkout(tmp_path / ".git", "ref: refs/heads/main", refs__heads__main=COMMIT)
    assert version.commit(tmp_path) == COMMIT
    assert version.build_date(tmp_path) is None


def test_a_packed_branch_is_found(tmp_path):
    packed = f"# pack-refs\n{'0' * 40} refs/heads/main2\n{COMMIT} refs/heads/main"
    checkout(tmp_path / ".git", "ref: refs/heads/main", **{"packed-refs": packed})
    assert version.commit(tmp_path) == COMMIT


def test_a_detached_head_is_its_own_commit(tmp_path):
    checkout(tmp_path / ".git", COMMIT)
    assert version.commit(tmp_path) == COMMIT


def test_a_linked_worktree_is_followed(tmp_path):
    checkout(tmp_path / "main" / "worktrees" / "two", "ref: refs/heads/two", commondir="../..")
    checkout(tmp_path / "main", "ref: refs/heads/main", refs__heads__two=COMMIT)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / ".git").write_text("gitdir: ../main/worktrees/two\n", encoding="utf-8")
    assert version.commit(tmp_path / "two") == COMMIT


def test_a_checkout_says_the_version_of_the_project():
    assert re.fullmatch(r"training-client \d+\.\d+\.\d+( \([0-9a-f]{10}\))?", version.describe())


def test_an_installed_wheel_says_its_version_and_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda _name: "3.2.1")
    assert version.describe(tmp_path) == "training-client 3.2.1"


def test_a_branch_without_commits_has_none(tmp_path):
    checkout(tmp_path / ".git", "ref: refs/heads/main")
    assert version.commit(tmp_path) == ""


def test_the_profile_lies_in_the_users_own_data_folder():
    folder = config.default_profile_folder()
    assert folder.is_absolute()
    assert "training-client" in folder.parts
