"""Fixtures: one PostgreSQL for all, a database and a daemon for each module."""

import contextlib
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from kattegat import paths  # noqa: E402
from kattegat.certificates import Authority  # noqa: E402
from kattegat.cluster import Cluster, Database  # noqa: E402
from kattegat.daemon import Ctl, Daemon  # noqa: E402


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.get_closest_marker("long") and not paths.LONG:
            item.add_marker(pytest.mark.skip(reason="only with --long"))


def pytest_configure(config):
    config.addinivalue_line("markers", "long: runs only with --long")


@pytest.fixture(scope="session")
def folder():
    """Short, since sockets lie in it, and open to the user of the daemon."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="kg-test."))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(folder):
    cluster = Cluster(folder / "db")
    cluster.start()
    yield cluster
    cluster.stop("immediate")


@pytest.fixture(scope="session")
def authority(folder):
    return Authority(folder / "tls")


EMPTY = (("db", "init"), ("db", "upgrade"),
         ("registry", "load", "--from", paths.REGISTRY))
DEMO = (("demo", "load", "--from", paths.DEMO),)


@pytest.fixture(scope="session")
def fill(folder):
    """fill(dsn, commands): runs kattegatctl as the owner, without a daemon."""
    def run_all(dsn, commands):
        ctl = Ctl(folder / "nothing.conf", dsn, str(folder / "nobody"))
        for words in commands:
            run = ctl.run(*words)
            assert run.returncode == 0, "%s: %s%s" % (words, run.stdout,
                                                      run.stderr)
    return run_all


@pytest.fixture(scope="session")
def empty_template(cluster, fill):
    """The schema and the registries."""
    cluster.create("template_empty")
    fill(cluster.dsn("template_empty"), EMPTY)
    return "template_empty"


@pytest.fixture(scope="session")
def demo_template(cluster, fill, empty_template):
    """And the demo."""
    cluster.create("template_demo", empty_template)
    fill(cluster.dsn("template_demo"), DEMO)
    return "template_demo"


@pytest.fixture(scope="session")
def new_database(cluster, demo_template, empty_template):
    """new_database(name, demo=True): a fresh one."""
    def make(name, demo=True):
        cluster.create(name, demo_template if demo else empty_template)
        return Database(cluster, name)
    return make


@pytest.fixture(scope="module")
def database(request, cluster, new_database):
    """This module's own, with the demo in it."""
    name = request.module.__name__
    database = new_database(name)
    yield database
    database.close()
    cluster.drop(name)


@pytest.fixture(scope="module")
def new_daemon(request, folder, database, authority):
    """new_daemon(**options): another one on this module's database."""
    made = []

    def make(**options):
        place = folder / ("%s-%d" % (request.module.__name__, len(made)))
        daemon = Daemon(place, database, authority, **options)
        made.append(daemon)
        return daemon

    yield make
    with contextlib.ExitStack() as all_of_them:
        for daemon in made:
            all_of_them.callback(daemon.clear)


@pytest.fixture(scope="module")
def daemon(request, new_daemon):
    """This module's own. Its OPTIONS, when there, go into the configuration."""
    return new_daemon(**getattr(request.module, "OPTIONS", {})).start()


@pytest.fixture
def client(daemon):
    return daemon.client


@pytest.fixture
def ctl(daemon):
    return daemon.ctl


@pytest.fixture(scope="module")
def season(database):
    """The slug of the coming demo season."""
    return database.value(
        "SELECT slug FROM kg.season WHERE slug ~ '^kattegat-[0-9]{4}$'"
        " ORDER BY slug DESC LIMIT 1")


@pytest.fixture(scope="module")
def path(season):
    """Of the season's feed."""
    return "/f/saeson/%s.ics" % season
