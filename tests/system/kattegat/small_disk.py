"""A file system that is full when a test wants it. Mounting is for root."""

import contextlib
import errno
import shutil
import subprocess

from kattegat import paths


class SmallDisk:
    def __init__(self, folder):
        self.folder = folder
        self.filler = folder / "filler"

    def mount(self, size_mib):
        """Whether it could be."""
        if not paths.AM_ROOT:
            return False
        self.folder.mkdir()
        run = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "mode=0755,size=%dm" % size_mib,
             "kattegat-test", str(self.folder)], capture_output=True,
            check=False)
        return run.returncode == 0

    def unmount(self):
        subprocess.run(["umount", "--lazy", str(self.folder)], check=False,
                       capture_output=True)

    def place(self, name):
        """A folder on it, of the database's user."""
        made = self.folder / name
        made.mkdir(mode=0o700)
        shutil.chown(made, paths.USER)
        return made

    @contextlib.contextmanager
    def full(self):
        """No page is left meanwhile."""
        self.fill()
        try:
            yield
        finally:
            self.filler.unlink()

    def fill(self):
        """Takes what is free; may be called again."""
        page = bytes(4096)
        with open(self.filler, "ab", buffering=0) as file:
            try:
                while file.write(page):
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC
