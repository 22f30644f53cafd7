"""The mount table tells whether a folder lies on a network drive."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.store import drives

MOUNTS = """\
/dev/sda2 / ext4 rw,relatime 0 0
tmpfs /dev/shm tmpfs rw 0 0
server:/srv /srv nfs4 rw,vers=4.2 0 0
/dev/sdb1 /srv/local ext4 rw 0 0
//server/share /mnt/our\\040share cifs rw 0 0
too short
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/var/lib/x", "ext4"),
        ("/srv/wang/profile", "nfs4"),
        ("/srv/local/profile", "ext4"),
        ("/srvstead", "ext4"),
        ("/mnt/our share/profile", "cifs"),
        ("/dev/shm", "tmpfs"),
    ],
)
def test_the_mount_table_tells_the_drive(place, kind):
    assert drives.file_system(Path(place), MOUNTS) == kind


def test_a_table_that_does_not_tell_refuses_nothing(tmp_path):
    assert drives.file_system(tmp_path, "") == ""
    drives.refuse_network_drive(tmp_path, "")
