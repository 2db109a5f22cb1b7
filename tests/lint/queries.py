"""The statements under db/queries: used, and good for the schema."""

import contextlib
import re
import shutil
import subprocess
import tempfile

import tree


def query_files():
    return tree.files("db/queries", suffixes=(".sql",))


def query_name(path):
    return "query_%s_%s" % (path.parent.name, path.stem)


def used():
    code = "\n".join(tree.text(path)
                     for path in tree.files("src", suffixes=(".c", ".h")))
    listed = tree.text(tree.ROOT / "db/db.mk")
    for path in query_files():
        if not re.search(r"\b%s\b" % query_name(path), code):
            yield "%s: no file uses %s" % (tree.short(path), query_name(path))
        if tree.short(path) not in listed:
            yield "%s: db/db.mk does not list it" % tree.short(path)


@contextlib.contextmanager
def database():
    """A cluster of our own with the whole schema; gives psql's command."""
    cluster = str(tree.ROOT / "contrib/cluster")
    folder = tempfile.mkdtemp(prefix="kg-lint.")
    subprocess.run(["chmod", "0755", folder], check=True)
    try:
        subprocess.run([cluster, "start", folder, "--throwaway"], check=True)
        dsn = subprocess.run([cluster, "dsn", folder], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
        yield ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", dsn]
    finally:
        subprocess.run([cluster, "stop", folder, "--immediate"])
        shutil.rmtree(folder, ignore_errors=True)


def run_file(psql, path):
    run = subprocess.run(psql + ["-1", "-f", str(path)], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.stdout.strip() if run.returncode != 0 else None


def ask(psql, statements):
    """(what they answer, None), or ("", what is wrong)."""
    run = subprocess.run(psql, input=statements, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return ((run.stdout.strip(), None) if run.returncode == 0 else
            ("", run.stdout.strip()))


def load(psql):
    """The whole schema; what is wrong with it."""
    for path in [tree.ROOT / "db/init.sql",
                 *tree.files("db/schema", suffixes=(".sql",)),
                 *tree.files("db/functions", suffixes=(".sql",))]:
        wrong = run_file(psql, path)
        if wrong:
            return wrong.replace(str(tree.ROOT) + "/", "")
    return None


def preparable():
    with database() as psql:
        wrong = load(psql)
        if wrong:
            yield wrong
            return
        for path in query_files():
            statement = tree.text(path).strip().rstrip(";")
            wrong = ask(psql, "PREPARE %s AS\n%s;\n" % (query_name(path),
                                                        statement))[1]
            if wrong:
                yield "%s: %s" % (tree.short(path), wrong)


def applied():
    """db/db.mk names each file of db/schema and db/functions, in their order."""
    named = re.findall(r"(?m)^DB_(?:SCHEMA|FUNCTIONS) \+= (\S+)$",
                       tree.text(tree.ROOT / "db/db.mk"))
    there = [tree.short(path) for folder in ("db/schema", "db/functions")
             for path in tree.files(folder, suffixes=(".sql",))]
    for name in sorted(set(there) - set(named)):
        yield "%s: db/db.mk does not list it" % name
    if not set(there) - set(named) and named != there:
        yield "db/db.mk: not in the order of the files' names"
