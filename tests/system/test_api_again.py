"""The same request again: across a cut connection, a restart, another node, a crash
of the database. One booking, one answer, and never a false one."""

import json
import threading
import time

import pytest

from kattegat.api import Api, new_api_token, new_person
from kattegat.wait import wait_for

OFFICE = "VEJ"


@pytest.fixture(scope="module")
def room(database):
    return int(database.value(
        "SELECT (kg.room_add(NULL, 'test', (SELECT v.id FROM kg.venue v JOIN"
        " kg.office o ON o.id = v.office_id WHERE v.own AND o.code = %s),"
        " 'Prøvesal', NULL, true, true, '[]')).object_id", OFFICE))


@pytest.fixture(scope="module")
def token(database):
    return new_api_token(database, new_person(database, "coordinator", OFFICE))


@pytest.fixture(scope="module")
def api(daemon, token):
    with Api(daemon.client, token) as api:
        yield api


def wish(room, day, hour=9):
    return {"room_id": room, "title": "Møde %d" % hour,
            "starts_local": "2028-%sT%02d:00" % (day, hour),
            "ends_local": "2028-%sT%02d:00" % (day, hour + 1)}


def count(database, room, day):
    return database.value(
        "SELECT count(*) FROM kg.booking WHERE room_id = %s AND"
        " starts_local::date = %s", room, "2028-" + day)


def test_a_client_that_was_cut_off_asks_again(api, room, token, database):
    body = json.dumps(wish(room, "01-03")).encode()
    connection = api.client.connect()
    connection._link.request(
        "POST", "/api/v1/bookings", body=body, headers={
            "Authorization": "Bearer " + token, "Idempotency-Key": "cut-off-1",
            "Content-Type": "application/json"})
    connection.close()
    wait_for(lambda: count(database, room, "01-03") == 1, 10,
             "it is booked although nobody waits")
    again = api.post("/bookings", wish(room, "01-03"), key="cut-off-1")
    assert again.status == 201, again
    assert count(database, room, "01-03") == 1
    assert api.get("/bookings/%d" % again.json["id"]).status == 200


def test_a_key_counts_on_another_node_and_after_a_restart(
        api, room, token, database, new_daemon):
    other = new_daemon(workers=1).start()
    first = Api(other.client, token).post(
        "/bookings", wish(room, "01-04"), key="two-nodes")
    assert first.status == 201
    assert other.stop() == 0
    other.start()
    for node in (api, Api(other.client, token)):
        again = node.post("/bookings", wish(room, "01-04"), key="two-nodes")
        assert (again.status, again.body) == (201, first.body)
        assert again.version == first.version
    assert count(database, room, "01-04") == 1


def test_two_at_once_get_the_same_answer(daemon, room, token, database):
    for hour in range(8, 18):
        ready = threading.Barrier(4)
        answers = []

        def ask():
            with Api(daemon.client, token, check=False) as one:
                one.get("/me")
                ready.wait()
                answers.append(one.post("/bookings", wish(
                    room, "01-05", hour), key="at-once-%d" % hour))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body for answer in answers}) == 1
    assert count(database, room, "01-05") == 10


def test_a_key_is_forgotten_after_a_day(api, room, database):
    first = api.post("/bookings", wish(room, "01-06"), key="a-day-old")
    assert first.status == 201
    database.run("UPDATE kg.idempotency SET created_at = created_at"
                 " - interval '24 hours' WHERE key = 'a-day-old'")
    again = api.post("/bookings", wish(room, "01-06"), key="a-day-old")
    assert (again.status, again.problem) == (409, "in-the-way")


def test_of_a_key_another_persons_request_knows_nothing(
        api, room, database):
    other = api.as_(new_api_token(database, new_person(
        database, "coordinator", OFFICE)))
    assert api.post("/bookings", wish(room, "01-07"),
                    key="one-for-all").status == 201
    answer = other.post("/bookings", wish(room, "01-07", 14),
                        key="one-for-all")
    assert answer.status == 201
    assert answer.json["title"] == "Møde 14"


def test_a_crash_of_the_database_is_never_a_false_answer(
        daemon, room, token, database, cluster):
    """Clients book on while it is killed: what was answered 201 is there; what was
    not is told within a second, and asking again with the key tells the truth."""
    done, unsure, slow = [], [], []
    ends = threading.Event()

    def book(number):
        with Api(daemon.client, token, check=False) as one:
            hour = 0
            while not ends.is_set() and hour < 2000:
                asked = {"room_id": room, "title": "Under et nedbrud",
                         "starts_local": "20%d-%02d-%02dT%02d:00" % (
                             30 + number, 1 + hour // 280,
                             1 + hour // 10 % 28, 8 + hour % 10),
                         "ends_local": "20%d-%02d-%02dT%02d:30" % (
                             30 + number, 1 + hour // 280,
                             1 + hour // 10 % 28, 8 + hour % 10)}
                key = "crash-%d-%d" % (number, hour)
                began = time.monotonic()
                answer = one.post("/bookings", asked, key=key)
                if time.monotonic() - began > 10:
                    slow.append(answer)
                (done if answer.status == 201 else unsure).append(
                    (answer, asked, key))
                hour += 1

    threads = [threading.Thread(target=book, args=(number,))
               for number in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(done) > 40, 30, "some are booked")
    cluster.kill()
    wait_for(lambda: len(unsure) > 8, 10, "it is noticed")
    ends.set()
    for thread in threads:
        thread.join()
    cluster.start()
    wait_for(lambda: Api(daemon.client, token).get("/me").status == 200, 30,
             "the database is back")
    database.close()
    assert {answer.status for answer, *_ in unsure} == {503}
    assert not slow
    there = {str(row.id) for row in database.rows(
        "SELECT id FROM kg.booking WHERE title = 'Under et nedbrud'")}
    assert {str(answer.json["id"]) for answer, *_ in done} <= there
    with Api(daemon.client, token, check=False) as one:
        # its worker may come back later than the one that was asked above
        wait_for(lambda: one.get("/me").status == 200, 10, "this worker, too")
        for _, asked, key in unsure:
            answer = one.post("/bookings", asked, key=key)
            assert answer.status == 201, answer
    assert database.value(
        "SELECT count(*) FROM kg.booking WHERE title = 'Under et nedbrud'"
    ) == len(done) + len(unsure)
