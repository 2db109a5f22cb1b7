"""Shell scripts."""

import shutil
import subprocess

import tree


def shell_files():
    for path in tree.files():
        if path.suffix in (".py", ".c", ".h", ".sql"):
            continue
        with open(path, "rb") as file:
            first = file.readline(80)
        if first.startswith((b"#!/bin/sh", b"#!/bin/bash")) or (
                path.suffix == ".sh"):
            yield path, "bash" if b"bash" in first else "sh"


def shell():
    found = 0
    for path, kind in shell_files():
        found += 1
        commands = [[kind, "-n", str(path)]]
        if shutil.which("shellcheck"):
            commands.append(["shellcheck", "-x", "-S", "warning", "-f", "gcc",
                             "-P", str(tree.ROOT), str(path)])
        for command in commands:
            run = subprocess.run(command, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
            if run.returncode != 0:
                for line in run.stdout.splitlines():
                    yield line.replace(str(tree.ROOT) + "/", "")
    if found == 0:
        yield "no shell script was found"
