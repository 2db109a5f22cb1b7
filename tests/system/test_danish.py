"""Why something was refused, told to a Danish reader: a sentence or more per family. That
no refusal of any other test is told in English is held by kattegat.danish."""

import pytest

from kattegat.api import Api, new_api_token, new_person

OFFICE, OTHER = "AAR", "KBH"
SPRING, AUTUMN = "2032-03-28", "2032-10-31"     # the clocks change at night
IN_SPRING, IN_AUTUMN = "søndag den 28. marts 2032", "søndag den 31. oktober 2032"


@pytest.fixture(scope="module")
def planner(daemon, database):
    with Api(daemon.client, new_api_token(
            database, new_person(database, "planner")), "da") as planner:
        yield planner


@pytest.fixture(scope="module")
def api(planner, database):
    with planner.as_(new_api_token(database, new_person(
            database, "coordinator", OFFICE))) as api:
        yield api


@pytest.fixture(scope="module")
def venue(planner):
    return planner.post("/venues", {"office": OFFICE, "name": "Danskehuset",
                                    "town": "Ry"}).json["id"]


@pytest.fixture(scope="module")
def room(planner, venue):
    return planner.post("/rooms", {
        "venue_id": venue, "name": "Læsø", "setups": [
            {"setup": "islands", "capacity": 25},
            {"setup": "horseshoe", "capacity": 18}]}).json["id"]


@pytest.fixture
def move_clock(database):
    def move(by):
        database.run("UPDATE kg.clock SET shift = shift + %s::interval", by)
    yield move
    database.run("UPDATE kg.clock SET shift = '0'")


def wish(room, day, start="09:00", end="12:00", **more):
    return {"room_id": room, "starts_local": "%sT%s" % (day, start),
            "ends_local": "%sT%s" % (day, end), "title": "Møde", **more}


def booked(api, *words, **more):
    answer = api.post("/bookings", wish(*words, **more))
    assert answer.status == 201, answer
    return answer


def at(answer, end=""):
    return "/bookings/%d%s" % (answer.json["id"], end)


def told(answer, detail, hint):
    """The three of them, and nothing else, in Danish."""
    said = answer.json
    assert answer.headers["Content-Language"] == "da"
    assert (said["detail"], said["message"]) == (detail, detail)
    assert said.get("hint") == hint
    for one in said.get("fields", []):
        assert one["sentence"] == detail
    return said


# ---- an unknown thing ----

@pytest.mark.parametrize("path, detail, hint", [
    ("/rooms/2000000017", "Der er ikke noget lokale 2000000017.",
     "Listerne viser, hvad der findes."),
    ("/bookings/2000000017", "Der er ikke nogen booking 2000000017.",
     "Listerne viser, hvad der findes."),
    ("/runs/KAT99-99", 'Der er ikke noget forløb "KAT99-99".',
     "Skriv et nummer som KAT22-01.")])
def test_an_unknown_thing(api, path, detail, hint):
    answer = api.get(path)
    assert answer.status == 404
    told(answer, detail, hint)


def test_what_was_sent_is_quoted_as_it_is(planner):
    answer = planner.post("/venues", {
        "office": OFFICE, "name": "Hus", "town": "Ry", "postcode": "ends"})
    told(answer, 'Postnummeret kan ikke være "ends".', "Skriv fire cifre.")


# ---- values ----

def test_more_heads_than_the_room_holds(api, room):
    answer = api.post("/bookings", wish(room, "2032-02-02", setup="islands",
                                        head_count=26))
    said = told(answer, "Lokalet Læsø har ikke plads til 26.",
                "Der er plads til 25 med opstillingen bordøer.")
    assert (answer.status, said["capacity"]) == (422, 25)
    assert [one["name"] for one in said["fields"]] == ["head_count"]


def test_a_set_up_that_the_room_has_not(api, room):
    answer = api.post("/bookings", wish(room, "2032-02-02", setup="circle"))
    said = answer.json
    assert said["detail"] == 'Lokalet Læsø har ikke opstillingen "rundkreds".'
    assert said["hint"] in ("Du kan vælge: bordøer, hestesko.",
                            "Du kan vælge: hestesko, bordøer.")


def test_an_end_before_the_start(api, room):
    told(api.post("/bookings", wish(room, "2032-02-02", "12:00", "09:00")),
         "En booking slutter efter, at den er begyndt.",
         "Vælg et starttidspunkt og et senere sluttidspunkt.")


def test_an_hour_that_does_not_exist_or_exists_twice(api, room):
    told(api.post("/bookings", wish(room, SPRING, "02:30", "05:00")),
         "Klokken 2.30 findes ikke %s (Europe/Copenhagen), for urene "
         "stilles frem." % IN_SPRING,
         "Vælg et andet klokkeslæt: til og med 1.59 eller fra 3.00.")
    told(api.post("/bookings", wish(room, AUTUMN, "02:30", "05:00")),
         "Klokken 2.30 findes to gange %s (Europe/Copenhagen), for urene "
         "stilles tilbage." % IN_AUTUMN,
         "Vælg et andet klokkeslæt: til og med 1.59 eller fra 3.00.")


# ---- in the way ----

def test_a_room_that_is_taken(api, room):
    booked(api, room, "2032-02-03", title='Ledelse "A"')
    answer = api.post("/bookings", wish(room, "2032-02-03", "11:00", "13:00"))
    assert answer.status == 409
    told(answer, "Lokalet Læsø er optaget.",
         'Læsø: "Ledelse "A"" fra tirsdag den 3. februar 2032 kl. 9.00 til '
         "12.00, med opstilling og oprydning. Vælg et andet lokale eller tidspunkt, "
         "eller flyt den anden booking.")
    told(api.post("/block-outs", {
        "room_id": room, "starts_local": "2032-02-03T00:00",
        "ends_local": "2032-02-04T00:00", "title": "Maling"}),
        "En booking er i vejen.",
        "Flyt dem, eller spær uden om dem.")


# ---- who, and which version ----

def test_what_one_may_not_do(api, planner, database, room):
    made = booked(api, room, "2032-02-04")
    with planner.as_(new_api_token(database, new_person(
            database, "coordinator", OTHER))) as stranger:
        told(stranger.post(at(made, "/cancel"), {}, if_match=made.etag),
             "Du har ikke lov til at ændre kalenderen for kontoret AAR.",
             "Det må kontorets koordinator eller en planlægger.")
    told(api.post("/venues", {"office": OFFICE, "name": "N", "town": "Ry"}),
         "Som koordinator har du ikke lov til det (venue_create).", None)


def test_an_old_version(api, room):
    made = booked(api, room, "2032-02-05")
    api.patch(at(made), {"title": "Andet"}, if_match=made.etag)
    answer = api.patch(at(made), {"title": "Tredje"}, if_match=made.etag)
    assert answer.status == 412
    said = told(answer, "Booking %d er nu i version 2, ikke 1." %
                made.json["id"],
                "Nogen har ændret det i mellemtiden. Se det igennem igen.")
    assert said["difference"]["title"] == {"before": "Møde", "after": "Andet"}


# ---- the wrong state ----

def test_a_hold_that_has_run_out(api, room, move_clock):
    held = booked(api, room, "2032-02-06", expires_local="2032-02-05T09:00")
    move_clock("6 years")
    answer = api.post(at(held, "/confirm"), {}, if_match=held.etag)
    if answer.status == 412:
        answer = api.post(at(held, "/confirm"), {},
                          if_match=api.get(at(held)).etag)
    assert answer.status == 409, answer
    told(answer, "Booking %d er udløbet." % held.json["id"],
         "Forhåndsreservationen er udløbet. Book på ny.")


def test_an_undo_that_somebody_has_built_upon(api, room):
    made = booked(api, room, "2032-02-07")
    for hour in ("11:00", "13:00"):
        assert api.post(at(made, "/move"), {"starts_local": "2032-02-07T%s" %
                                            hour},
                        if_match=api.get(at(made)).etag).status == 200
    _, mine, *_ = api.get("/journal", object="booking",
                          object_id=made.json["id"]).json["items"]
    answer = api.post("/journal/%d/undo" % mine["id"])
    assert answer.status == 409
    told(answer, "Nogen har bygget videre på den ændring siden.",
         "Fortryd først det, der kom senere.")


# ---- series ----

def rule(room, day, start="09:00", end="12:00", until=None):
    return {"room_id": room, "title": "Serie", "starts": start, "ends": end,
            "from": day, "until": until or day, "freq": "daily"}


def test_dates_of_a_series_that_cannot_be_had(api, room):
    booked(api, room, "2032-03-02")
    told(api.post("/series", rule(room, "2032-03-01", until="2032-03-03")),
         "1 af 3 datoer kan ikke bookes.",
         "Spring de datoer over, eller giv dem et andet lokale eller "
         "tidspunkt.")
    answer = api.post("/series", rule(room, "2032-03-01", "12:00", "09:00"))
    told(answer, "En booking slutter efter, at den er begyndt.",
         "Vælg et senere sluttidspunkt.")


def test_the_problem_of_a_date_is_in_danish_in_the_preview_as_well(api, room):
    wanted = rule(room, SPRING, "02:30", "05:00")
    for language, sentence in (
            ("da", "Klokken 2.30 findes ikke %s (Europe/Copenhagen), for "
             "urene stilles frem." % IN_SPRING),
            ("en", "Europe/Copenhagen has no 2:30 on Sunday 28 March 2032: the "
             "clocks go forward")):
        headers = {"Accept-Language": language}
        preview = api.post("/series/preview", {**wanted,
                                               "skip_holidays": False},
                           headers=headers)
        assert [one["problem"] for one in preview.json["items"]] == [sentence]
        refused = api.post("/series", {**wanted, "skip_holidays": False},
                           headers=headers)
        assert [one["problem"] for one in refused.json["items"]] == [sentence]


# ---- accounts ----

def test_what_accounts_refuse(planner, database):
    with planner.as_(new_api_token(database, new_person(
            database, "admin"))) as admin:
        told(admin.post("/accounts", {"name": "N", "mail": "n@example.org",
                                      "role": "planner"}),
             "Med en API-nøgle kan man ikke ændre konti eller nøgler.",
             "Log ind med adgangskode og engangskode.")
        told(admin.get("/accounts/2000000017"),
             "Der er ikke nogen konto 2000000017.",
             "Listerne viser, hvad der findes.")


def test_secrets_that_are_none(planner):
    with planner.as_(None) as nobody:
        for path, wish, detail, hint in (
                ("/invitations/accept",
                 {"token": "a" * 26, "password": "tolv tegn og flere"},
                 "Den invitation findes ikke eller gælder ikke længere.",
                 "Bed om en ny mail."),
                ("/sign-in/by-link", {"token": "a" * 26},
                 "Det link findes ikke eller gælder ikke længere.",
                 "Bed om en ny mail.")):
            answer = nobody.post(path, wish)
            assert answer.status == 404, answer
            told(answer, detail, hint)


# ---- the same in English ----

def test_an_english_reader_reads_times_as_well_and_programs_keep_theirs(
        api, room):
    booked(api, room, "2032-02-09", title="Ledelse")
    answer = api.post("/bookings", wish(room, "2032-02-09", "11:00", "13:00"),
                      headers={"Accept-Language": "en"})
    assert answer.json["hint"].startswith(
        'Læsø: "Ledelse" from Monday 9 February 2032 at 9:00 to 12:00, set-up')
    [hit] = answer.json["conflicts"]
    assert (hit["from"], hit["to"]) == ("2032-02-09T09:00", "2032-02-09T12:00")



def test_an_english_reader_gets_the_database_s_own(api):
    said = api.get("/rooms/2000000017",
                   headers={"Accept-Language": "en"}).json
    assert said["detail"] == said["message"] == "there is no room 2000000017"
