"""kattegatctl looks after the database: migrations, registries, seasons."""

import concurrent.futures
import json

import pytest

from kattegat import paths
from kattegat.cluster import OPERATOR
from kattegat.daemon import Ctl, CtlFailed

SEASON = paths.DEMO / "kattegat-season-model.csv"
PROGRAMME = paths.DEMO / "kattegat-programme-model.csv"
OPTIONS_OF_SEASON = ("--season", "kattegat-2022", "--title", "Kattegat 2022",
                     "--seminar", "kattegat-kommune", "--programme", PROGRAMME)


@pytest.fixture
def empty(request, new_database):
    """A database of its own for each test: schema and registries."""
    database = new_database("test_ctl_db_%s" % abs(hash(request.node.name)),
                            demo=False)
    yield database
    database.close()
    database.cluster.drop(database.name)


@pytest.fixture
def bare(request, cluster):
    """One with nothing in it."""
    name = "test_ctl_bare_%s" % abs(hash(request.node.name))
    cluster.create(name)
    yield cluster.dsn(name)
    cluster.drop(name)


@pytest.fixture
def ctl(empty, folder):
    return Ctl(folder / "nothing.conf", empty.dsn, str(folder / "nobody"))


@pytest.fixture
def as_operator(empty, folder):
    return Ctl(folder / "nothing.conf",
               empty.cluster.dsn(empty.name, OPERATOR),
               str(folder / "nobody"))


def last_change(database):
    return database.value("SELECT max(id) FROM kg.journal")


def changed_season(tmp_path, changes):
    """The model with some of its lines replaced, by their number."""
    lines = SEASON.read_text().splitlines()
    for number, text in changes.items():
        lines[number - 1] = text
    path = tmp_path / "season.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_second_init_and_upgrade_change_nothing(ctl, empty):
    before = empty.rows("SELECT * FROM kg.migration ORDER BY 1"), \
        last_change(empty)
    assert ctl("db", "init") == {"initialised": True}
    assert ctl("db", "upgrade") == {"migrations_applied": 0}
    assert (empty.rows("SELECT * FROM kg.migration ORDER BY 1"),
            last_change(empty)) == before
    assert {row["state"] for row in ctl("db", "status")} == {"applied"}


def test_an_edited_migration_is_refused(ctl, empty):
    empty.run("UPDATE kg.migration SET checksum = sha256('x')"
              " WHERE name LIKE '0003%'")
    run = ctl.run("db", "upgrade")
    assert run.returncode == 1
    assert "0003_catalogue" in run.stderr
    assert "nothing was changed" in run.stderr
    run = ctl.run("db", "status")
    assert run.returncode == 1
    assert "edited" in run.stdout


def test_a_database_that_is_newer_is_refused(ctl, empty):
    empty.run("INSERT INTO kg.migration (number, name, checksum)"
              " VALUES (9999, '9999_tomorrow', sha256('x'))")
    run = ctl.run("db", "upgrade")
    assert run.returncode == 1
    assert "9999" in run.stderr
    assert ctl.run("db", "status").returncode == 1


def test_two_upgrades_at_once_do_it_once(bare, folder):
    ctl = Ctl(folder / "nothing.conf", bare, str(folder / "nobody"))
    assert ctl.run("db", "upgrade").returncode == 3
    ctl("db", "init")
    assert {row["state"] for row in ctl("db", "status")} == {"pending"}
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        done = [run.result()["migrations_applied"] for run in
                [both.submit(ctl, "db", "upgrade") for _ in range(2)]]
    assert min(done) == 0
    assert max(done) == len(ctl("db", "status"))


@pytest.mark.parametrize("words", [
    ("db", "upgrade"), ("db", "retime"),
    ("demo", "--scale", 1, "--from", paths.DEMO)])
def test_a_login_without_the_rights_ends_with_3(as_operator, words):
    run = as_operator.run(*words)
    assert run.returncode == 3, run.stderr
    assert "--database" in run.stderr
    assert "member of kattegat_owner" in run.stderr


@pytest.fixture
def configured(empty, tmp_path):
    """With the daemon's configuration, and nothing else told."""
    config = tmp_path / "kattegat.conf"
    config.write_text("database = %s\nrun_dir = %s\n" % (
        empty.cluster.dsn(empty.name, "kattegat"), tmp_path))
    return Ctl(config)


def test_by_the_configuration_it_logs_in_as_the_operator(configured, empty):
    configured("--why", "ny adresse", "office", "change", "AAR", "--street",
               "Gade 7")
    row = empty.row("SELECT actor, why, at > now() - interval '1 hour' AS at"
                    " FROM kg.journal WHERE object = 'office'"
                    " ORDER BY id DESC LIMIT 1")
    assert row == ("kattegat_operator", "ny adresse", True)


def test_a_login_that_is_not_there_yet_is_told(configured, empty):
    """Renamed: it is the cluster's, and has rights in other databases."""
    empty.run("ALTER ROLE kattegat_operator RENAME TO kattegat_away")
    try:
        run = configured.run("office", "list")
    finally:
        empty.run("ALTER ROLE kattegat_away RENAME TO kattegat_operator")
    assert run.returncode == 3
    assert "sudo -u kattegat_operator" in run.stderr
    assert "db init, then db upgrade" in run.stderr


def test_init_without_the_rights_ends_with_3(bare, empty, folder):
    empty.run("DROP ROLE IF EXISTS test_ctl_nobody")
    empty.run("CREATE ROLE test_ctl_nobody LOGIN")
    run = Ctl(folder / "nothing.conf",
              bare.replace("user=postgres", "user=test_ctl_nobody")).run(
                  "db", "init")
    empty.run("DROP ROLE test_ctl_nobody")
    assert run.returncode == 3, run.stderr
    assert "superuser" in run.stderr


def test_a_retime_with_nothing_to_do_lists_nothing(ctl):
    assert ctl("db", "retime", "--dry-run") == []
    assert ctl("db", "retime") == []


def test_a_season_is_imported_once(as_operator, empty):
    words = ("season", "import", SEASON, *OPTIONS_OF_SEASON)
    assert as_operator(*words)[0]["runs_added"] == 33
    last = last_change(empty)
    again = as_operator(*words)[0]
    assert (again["runs_added"], again["runs_unchanged"]) == (0, 33)
    assert last_change(empty) == last
    assert [row["season"] for row in as_operator("season", "list")] == [
        "kattegat-2022"]


def test_bad_rows_are_told_with_their_lines_and_nothing_is_loaded(
        as_operator, empty, tmp_path):
    path = changed_season(tmp_path, {
        3: "KAT22-02,1,ZZZ,Roskilde,2022-01-20T13:00,2022-01-22T13:00,"
           "Europe/Copenhagen,25,14,model",
        5: "KAT22-04,1,KBH,Roskilde,2022-01-20T13:00,2022-01-19T13:00,"
           "Europe/Copenhagen,25,14,model",
        7: "KAT22-06,1,KBH,Roskilde,2022-13-20T13:00,2022-01-22T13:00,"
           "Europe/Copenhagen,25,14,model"})
    run = as_operator.run("season", "import", path, *OPTIONS_OF_SEASON)
    assert run.returncode == 1
    for line in (3, 5, 7):
        assert "%s:%d: " % (path, line) in run.stderr
    assert "nothing was loaded" in run.stderr
    assert empty.value("SELECT count(*) FROM kg.run") == 0


def test_lines_that_are_no_csv_are_told_all_at_once(as_operator, empty,
                                                    tmp_path):
    path = changed_season(tmp_path, {4: "KAT22-03,1", 9: "KAT22-08,1,KBH"})
    run = as_operator.run("season", "import", path, *OPTIONS_OF_SEASON)
    assert run.returncode == 1
    for line, fields in ((4, 2), (9, 3)):
        assert "%s:%d: %d fields where the head has 10" % (
            path, line, fields) in run.stderr
    assert empty.value("SELECT count(*) FROM kg.run") == 0


def test_a_row_that_differs_from_its_run_is_refused(as_operator, empty,
                                                    tmp_path):
    as_operator("season", "import", SEASON, *OPTIONS_OF_SEASON)
    last = last_change(empty)
    path = changed_season(tmp_path, {
        2: "KAT22-01,1,KBH,Hillerød,2022-01-20T13:00,2022-01-22T13:00,"
           "Europe/Copenhagen,30,14,model"})
    run = as_operator.run("season", "import", path, *OPTIONS_OF_SEASON)
    assert run.returncode == 1
    assert "%s:2: " % path in run.stderr
    assert last_change(empty) == last


def test_a_file_that_is_not_there_is_said(as_operator, tmp_path):
    run = as_operator.run("season", "import", tmp_path / "none.csv",
                        *OPTIONS_OF_SEASON)
    assert run.returncode == 1
    assert "none.csv: No such file" in run.stderr
    run = as_operator.run("registry", "load", "--from", tmp_path)
    assert run.returncode == 1
    assert "offices.csv" in run.stderr


def test_registries_are_loaded_once(as_operator, empty):
    last = last_change(empty)
    rows = as_operator("registry", "load", "--from", paths.REGISTRY)
    assert {row["source"]: row["added"] for row in rows} == {
        "municipalities": 0, "offices": 0, "holidays": 0, "elections": 0}
    assert last_change(empty) == last


def test_demo_data_is_loaded_once(ctl, empty):
    ctl("demo", "load", "--from", paths.DEMO)
    last = last_change(empty)
    assert not any(row["changed"] for row in
                   ctl("demo", "load", "--from", paths.DEMO))
    assert last_change(empty) == last
    run = ctl.run("demo", "--scale", 0, "--from", paths.DEMO)
    assert run.returncode == 1


def test_a_refusal_with_json_is_json_too(as_operator):
    with pytest.raises(CtlFailed) as failed:
        as_operator("run", "cancel", "X-1")
    assert failed.value.code == 4
    error = json.loads(failed.value.stdout)["error"]
    assert error["code"] == "KG004"
    assert error["message"] == 'there is no run "X-1"'
