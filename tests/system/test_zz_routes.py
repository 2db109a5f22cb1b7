"""Last of all: what of the API the tests before this one have asked.

Runs with the others; by itself there is nothing to see.
"""

import pytest

from kattegat.api import Api


def test_every_route_was_asked_and_went_well(daemon, request):
    ran = {item.module.__name__ for item in request.session.items}
    if not {"test_accounts", "test_sign_in", "test_api_routes"} <= ran:
        pytest.skip("only with the other tests of the API")
    with Api(daemon.client) as api:
        named = {operation["operationId"]
                 for *_, operation in api.document.operations}
    assert named - {name for name, status in Api.asked
                    if status < 400} == set()
